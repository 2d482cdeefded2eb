"""The screens of dispatch: board, work with its decisions, teams, and the team's phone."""
