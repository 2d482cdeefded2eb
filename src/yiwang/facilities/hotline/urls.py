"""Addresses of the hotline."""

from django.urls import path

from yiwang.facilities.hotline.pages import (
    agents,
    blocked,
    call,
    call_backs,
    calls,
    console,
    cti,
    knowledge,
    lines,
    staffing,
    wall,
)

app_name = "hotline"
mount = "hotline/"

urlpatterns = [
    path("", console.console, name="console"),
    path("bar/", console.bar, name="bar"),
    path("queue/", console.queue, name="queue"),
    path("state/", console.state, name="state"),
    path("ticket/", console.ticket, name="ticket"),
    path("dial/", console.dial, name="dial"),
    path("calls/", calls.calls, name="calls"),
    path("calls/<int:call_id>/", call.call, name="call"),
    path("calls/<int:call_id>/act/", console.act, name="act"),
    path("calls/<int:call_id>/note/", call.note, name="note"),
    path("calls/<int:call_id>/answered/", call.answered, name="answered"),
    path("calls/<int:call_id>/promise/", call.promise, name="promise"),
    path("calls/<int:call_id>/merge/", call.merge, name="merge"),
    path("calls/<int:call_id>/finish/", call.wrap_up, name="wrap_up"),
    path("calls/<int:call_id>/listen/", call.listen, name="listen"),
    path("calls/<int:call_id>/listen-in/", call.listen_in, name="listen_in"),
    path("calls/<int:call_id>/recording/", call.recording, name="recording"),
    path("call-backs/", call_backs.call_backs, name="call_backs"),
    path("call-backs/<int:call_back_id>/", call_backs.call_back, name="call_back"),
    path("wall/", wall.wall, name="wall"),
    path("wall/figures/", wall.wall_figures, name="wall_figures"),
    path("blocked/", blocked.blocked, name="blocked"),
    path("knowledge/", knowledge.knowledge, name="knowledge"),
    path("knowledge/found/", knowledge.knowledge_found, name="knowledge_found"),
    path("knowledge/new/", knowledge.article_new, name="article_new"),
    path("knowledge/<int:article_id>/", knowledge.article, name="article"),
    path("staffing/", staffing.plan, name="staffing"),
    path("agents/", agents.agents, name="agents"),
    path("agents/<int:agent_account_id>/", agents.agent, name="agent"),
    path("lines/", lines.lines, name="lines"),
    path("cti/<str:token>/", cti.cti, name="cti"),
]
