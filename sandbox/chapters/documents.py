"""What happens to documents that come twice, changed, or wrong."""

from sandbox import notices
from sandbox.ledger import Sent
from sandbox.scene import Scene
from sandbox.wire import Answer

_CONFLICT = 409
_LANGUAGES = ("fr", "nl")


async def resent_and_broken(scene: Scene) -> None:
    """The same document again, another one under its id, and a broken one in two languages."""
    scene.teller.begin("Documents resent, changed, broken", 4)
    sent = next(one for one in scene.fca.documents.sent.values() if one.connector == "fca")
    await _again(scene, sent)
    scene.teller.advance()
    answer = await scene.fca.send_other_bytes(sent)
    scene.check("the same message id with other bytes is refused with 409", true=answer.status == _CONFLICT)
    scene.teller.advance()
    notice = notices.changed(next(iter(scene.fca.notices.values())), number=f"{scene.run}-broken")
    answers = {language: await scene.fca.send_broken(notice, language) for language in _LANGUAGES}
    scene.memory.rejected = 1  # the same bytes twice
    for language, refusal in answers.items():
        scene.check(f"a broken document is refused with line and XPath ({language})", true=_placed(refusal))
        scene.teller.note(f"{language}: {_told(refusal)}")
        scene.teller.advance()
    texts = {_told(refusal) for refusal in answers.values()}
    scene.check("the refusals speak the callers' languages", true=len(texts) == len(_LANGUAGES))


async def _again(scene: Scene, sent: Sent) -> None:
    answer = await scene.fca.send_again(sent)
    same = answer.ok and answer.receipt == sent.answer.receipt
    scene.check("a document sent again gets the very same receipt", true=same and bool(answer.receipt))


def _placed(answer: Answer) -> bool:
    return not answer.ok and any(one.get("line") and one.get("xpath") for one in answer.refused)


def _told(answer: Answer) -> str:
    """The first broken rule as its reader sees it."""
    for one in answer.refused:
        return f"line {one.get('line')}, {one.get('xpath')}: {one.get('text') or one.get('message') or one.get('code')}"
    return str(answer.body.get("detail") or answer.body.get("title") or answer.status)
