"""Everything that changes teams, work and offers; locks are taken in the order job, teams by number, the matter.

`teams` keeps the teams, `asking` takes work in and back, `deciding` chooses and offers, `answering` hears
the team, `working` is the work itself, `acts` lets what a phone sends count once, `together` decides many at once and plans days.
"""

from yiwang.facilities.dispatch.actions.acts import moment_of, once
from yiwang.facilities.dispatch.actions.answering import accept, decline, expire, expire_one
from yiwang.facilities.dispatch.actions.asking import ask_for_team, take_back, withdraw, withdraw_ended
from yiwang.facilities.dispatch.actions.deciding import decide, offer, retry_stuck
from yiwang.facilities.dispatch.actions.map import change_map
from yiwang.facilities.dispatch.actions.teams import (
    add_member,
    change_team,
    found_team,
    grant_licence,
    remove_member,
    report_position,
    restore,
    suspend,
)
from yiwang.facilities.dispatch.actions.together import DayPlanned, decide_batch, plan_day
from yiwang.facilities.dispatch.actions.working import depart, finish, start

__all__ = [
    "DayPlanned",
    "accept",
    "add_member",
    "ask_for_team",
    "change_map",
    "change_team",
    "decide",
    "decide_batch",
    "decline",
    "depart",
    "expire",
    "expire_one",
    "finish",
    "found_team",
    "grant_licence",
    "moment_of",
    "offer",
    "once",
    "plan_day",
    "remove_member",
    "report_position",
    "restore",
    "retry_stuck",
    "start",
    "suspend",
    "take_back",
    "withdraw",
    "withdraw_ended",
]
