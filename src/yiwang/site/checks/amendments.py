"""The amendments: every instrument in the lawbook applied by machine, and the outcome laid beside the official text."""

from typing import Any

from yiwang.site.checks import Outcome, Progress

name = "amendments"
help = "apply the amending instruments in the lawbook and compare with the official texts"
SHOWN = 20
"""Differences and unread instructions shown for each text."""


def check(progress: Progress) -> Outcome:
    """Sound when no article that is known differs from the official text; what couldn't be applied is told."""
    from yiwang.facilities.lawbook.amending import proofs

    texts: list[dict[str, Any]] = []
    lines: list[str] = []
    for count, proved in enumerate(proofs(), 1):
        proof = proved.proof
        texts.append(
            {
                "work": proved.work.title,
                "text_of": str(proved.official.passed_on),
                "text_before": str(proved.before.passed_on) if proved.before else "",
                "instruments": [act.work.title for act in proved.instruments],
                **proof.figures,
                "faults": [
                    {"instrument": instrument.title, "label": outcome.amendment.label, "why": outcome.fault}
                    for instrument, outcome in proof.faults
                ],
                "differences": [
                    {"article": each.number.label(), "ours": each.ours, "official": each.official}
                    for each in proof.different
                ],
            }
        )
        lines += _lines(texts[-1])
        progress(count, count)
    figures = {
        key: sum(text[key] for text in texts)
        for key in (
            "instructions",
            "applied",
            "articles_touched",
            "equal",
            "equal_as_far_as_known",
            "different",
            "unproved",
        )
    }
    return Outcome(
        not figures["different"], {**figures, "texts": texts}, lines or ["no amending instruments"]
    )


def _lines(text: dict[str, Any]) -> list[str]:
    base = f"from the text of {text['text_before']}" if text["text_before"] else "without an earlier text"
    return [
        f"{text['work']} {text['text_of']}, {base}: {text['applied']} of {text['instructions']} instructions applied; "
        f"{text['articles_touched']} articles touched, {text['equal']} equal, "
        f"{text['equal_as_far_as_known']} equal as far as known, {text['different']} different, "
        f"{text['unproved']} unproved for want of an instruction",
        *(f"  {each['instrument']} {each['label']}: {each['why']}" for each in text["faults"][:SHOWN]),
        *(f"  {each['article']} differs" for each in text["differences"][:SHOWN]),
    ]
