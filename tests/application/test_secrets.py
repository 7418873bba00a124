"""The token reaches no log, database or evidence, however the network fails; a control without redaction finds it."""

from __future__ import annotations

import asyncio
import base64
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from bot.simulator import Running, serve
from tests.application.conftest import INSPECTORS
from tests.application.phone import Phone
from tests.application.process import Application

TOKEN = "7654321098:AAHqW3eR5tY7uI9oP1aS3dF5gH7jK9lZ1xC"
TALKATIVE = """
import logging, sys
import bot.__main__ as application
import bot.redact as redact
logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
original = redact.install
def install(secrets, handlers=None):
    if sys.argv[1] == "on":
        made = original(secrets, handlers)
    for name in ("", *redact.TALKATIVE):
        logging.getLogger(name).setLevel(logging.DEBUG)
redact.install = install
logging.getLogger().setLevel(logging.DEBUG)
sys.exit(application.main(["run"]))
"""


class Talkative(Application):
    """`run` with every logger at DEBUG, libraries included; with or without redaction."""

    def __init__(self, folder: Path, url: str, redaction: str) -> None:
        super().__init__(folder, url, telegram_token=TOKEN)
        self._redaction = redaction

    async def start(self, *command: str) -> None:
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", TALKATIVE, self._redaction, cwd=self.folder, env=self.env, stdout=log, stderr=log
            )


def forms(token: str) -> list[bytes]:
    """The token as it is, and as it could be hidden from a plain search."""
    secret = token.partition(":")[2]
    coded = base64.b64encode(token.encode()).rstrip(b"=")
    return [token.encode(), quote(token, safe="").encode(), secret.encode(), secret[:12].encode(), coded]


def found_in(folder: Path) -> list[str]:
    """Every file of a run in which the token stands, in any form."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted({path.name for path in files for form in forms(TOKEN) if form in path.read_bytes()})


async def live(application: Application, running: Running) -> None:
    """A talk in which everything that can fail fails once."""
    phone = Phone(running.network, 1001)
    await application.start()
    await application.ready()
    for kind in ("500", "429", "drop_after", "truncate", "400"):
        running.network.faults.add({"kind": kind, "method": "sendMessage"})
    for kind in ("409", "truncate", "drop_before"):
        running.network.faults.add({"kind": kind, "method": "getUpdates"})
    running.network.faults.add({"kind": "drop_before", "method": "getFile"})
    phone.say("/kiemtra")
    phone.say("/trogiup")
    await phone.hears("/kiemtra")
    running.network.faults.lift()
    running.network.faults.add({"kind": "outage"})
    await asyncio.sleep(0.7)
    running.network.faults.lift()
    await phone.ask("/kiemtra", "Đề nghị gõ tên đơn vị")
    await application.stop()


async def lived(province: Path, folder: Path, redaction: str) -> Application:
    """A whole life in a folder of its own, ended."""
    running = await serve(token=TOKEN)
    running.network.phone(INSPECTORS[1001], user_id=1001)
    copy_with_account(province, folder, TOKEN.partition(":")[0])
    application = Talkative(folder, running.url, redaction)
    try:
        await live(application, running)
    finally:
        await application.end()
        await running.close()
    return application


async def test_the_token_is_nowhere_and_without_redaction_it_is_found(province: Path, tmp_path: Path) -> None:
    guarded, open_ = await asyncio.gather(*(lived(province, tmp_path / each, each) for each in ("on", "off")))
    for application in (guarded, open_):
        assert application.printed().count("DEBUG") > 20, "nobody whispered: this proves nothing"
    assert found_in(guarded.folder) == []
    assert "<token>" in guarded.printed()
    assert found_in(open_.folder) == ["log.txt"]


def copy_with_account(province: Path, folder: Path, account: str) -> Path:
    """The province, its people reached through the bot of another account."""
    shutil.copytree(province, folder)
    with closing(sqlite3.connect(folder / "kycuong.db")) as db:
        db.execute("UPDATE accounts SET account = ?", (account,))
        db.commit()
    return folder
