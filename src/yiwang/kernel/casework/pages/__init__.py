"""The screens of casework, one file each."""
