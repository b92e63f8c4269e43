"""An installation without a mail server: nothing queues for it, and nothing is lost when it comes."""

import sqlalchemy as sa

from ohmatdyt.cases import notices
from ohmatdyt.core import outbox
from ohmatdyt.core.settings import Settings
from ohmatdyt.notifications.delivery import deliver_due
from tests.notifications.mail_server import MailServer
from tests.notifications.scene import Scene, actor


async def _states(scene: Scene) -> list[tuple[str, bool]]:
    async with scene.database.unit_of_work() as session:
        rows = await session.execute(sa.text("SELECT mail_status, due_at IS NULL FROM notifications"))
        return [tuple(row) for row in rows]


async def test_rows_do_not_queue_and_leave_once_there_is_a_server(
    scene: Scene, settings: Settings, mail: MailServer
) -> None:
    outbox.expect_mail(is_configured=False)
    try:
        async with scene.database.unit_of_work() as session:
            await notices.case_registered(session, actor(scene.author), await scene.case())
    finally:
        outbox.expect_mail(is_configured=True)
    assert await _states(scene) == [("NOT_CONFIGURED", True)] * 2
    await deliver_due(scene.database, settings)
    assert [status for status, _ in await _states(scene)] == ["SENT"] * 2
    assert len(mail.letters) == 2
