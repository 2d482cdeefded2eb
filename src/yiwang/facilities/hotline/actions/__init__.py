"""Writing what happens at the hotline; one function for each verb."""

from yiwang.facilities.hotline.actions.agents import (
    ExtensionTaken,
    NotYourTurn,
    enter_service,
    note_line,
    set_state,
    set_up_agent,
)
from yiwang.facilities.hotline.actions.call_backs import (
    ask_call_back,
    close_call_back,
    take_call_back,
    try_call_back,
)
from yiwang.facilities.hotline.actions.calls import hear, merge_calls, note_outcome, note_words, wrap_up
from yiwang.facilities.hotline.actions.commands import (
    CommandRefused,
    command,
    command_done,
    listen_in,
    originate,
    take_commands,
)
from yiwang.facilities.hotline.actions.knowledge import (
    block,
    lift_block,
    open_line,
    review_article,
    withdraw_article,
    write_article,
)
from yiwang.facilities.hotline.actions.queue import look_after_queue, serve

__all__ = [
    "CommandRefused",
    "ExtensionTaken",
    "NotYourTurn",
    "ask_call_back",
    "block",
    "close_call_back",
    "command",
    "command_done",
    "enter_service",
    "hear",
    "lift_block",
    "listen_in",
    "look_after_queue",
    "merge_calls",
    "note_line",
    "note_outcome",
    "note_words",
    "open_line",
    "originate",
    "review_article",
    "serve",
    "set_state",
    "set_up_agent",
    "take_call_back",
    "take_commands",
    "try_call_back",
    "withdraw_article",
    "wrap_up",
    "write_article",
]
