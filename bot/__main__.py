"""The command line and the composition root: here, and only here, the parts are chosen and put together."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bot import demo, redact, templates, verifying, workbooks
from bot.channels import CHANNELS
from bot.channels.port import Channel, ChannelOptions
from bot.clock import BusinessClock
from bot.commands import codes
from bot.documents.invitation import InvitationSheet, invitation_pdf
from bot.documents.registry import KINDS
from bot.documents.word import TemplateFaultError
from bot.enrolment import (
    FIRST_ADMINISTRATOR,
    FIRST_UNIT,
    Newcomer,
    UnknownUnitError,
    administrator_code,
    invitation,
    start_link,
)
from bot.pace import Pace
from bot.service import Service
from bot.settings import Settings, SettingsError, read_settings
from bot.simulator.server import serve
from bot.web.front import Front, Place, addresses
from inspection.access import ROLES
from scheduler.jobs import Jobs
from storage import checklists
from storage.clock import ahead
from storage.database import AlreadyRunningError, Database
from storage.evidence import EvidenceStore
from storage.export import FORMATS
from storage.migrate import OutdatedDatabaseError, check_current, migrate
from storage.sample.load import load_sample

log = logging.getLogger("kycuong")

VERBOSE = ("apscheduler", "alembic")  # two lines a minute, day and night


class UsageError(Exception):
    """What was asked for cannot be done; the message says what to do instead."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    redact.install([])
    for name in VERBOSE:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        run = options.run
        return int(run(options) or 0)
    except (SettingsError, UsageError, UnknownUnitError, workbooks.UnreadableFileError) as error:
        print(error, file=sys.stderr)
    except AlreadyRunningError as error:
        print(
            f"Cơ sở dữ liệu {error} đang được một tiến trình khác dùng. Dừng tiến trình đó rồi chạy lại.",
            file=sys.stderr,
        )
    except demo.NoFreePortError as error:
        print(f"Cổng {error} và các cổng kế tiếp đang được dùng. Đề nghị chọn cổng khác bằng --port.", file=sys.stderr)
    except OutdatedDatabaseError:
        print("Cơ sở dữ liệu chưa khởi tạo hoặc của phiên bản khác. Đề nghị chạy: kycuong init", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:  # noqa: PLR0915  one line for each command and option
    parser = argparse.ArgumentParser(
        prog="kycuong", description="Kỷ Cương: kiểm tra kỷ luật, kỷ cương hành chính qua trò chuyện"
    )
    commands = parser.add_subparsers(required=True, metavar="LỆNH")
    played = commands.add_parser("demo", help="chạy thử toàn bộ sản phẩm trên máy này, không cần tài khoản nào")
    played.add_argument("--fresh", action="store_true", help="bắt đầu lại từ đầu")
    played.add_argument("--port", type=int, default=8080, help="cổng của trang điện thoại (mặc định 8080)")
    played.set_defaults(run=_demo)
    created = commands.add_parser("init", help="tạo hoặc nâng cấp cơ sở dữ liệu, nạp bộ nội dung kiểm tra")
    created.add_argument("--sample", action="store_true", help="nạp thêm tỉnh mẫu với người hư cấu")
    created.add_argument("--unit", default=FIRST_UNIT, help="tên cơ quan quản lý, khi chưa có đơn vị nào")
    created.add_argument("--name", default=FIRST_ADMINISTRATOR, help="họ và tên quản trị đầu tiên")
    created.set_defaults(run=_init)
    invited = commands.add_parser("invite", help="tạo mã mời dùng một lần")
    invited.add_argument("--role", required=True, choices=ROLES)
    invited.add_argument("--unit", required=True, help="tên hoặc mã đơn vị")
    invited.add_argument("--name", required=True, help="họ và tên")
    invited.add_argument("--title", default="", help="chức vụ")
    invited.add_argument("--pdf", type=Path, metavar="TỆP", help="ghi giấy mời có mã QR để in")
    invited.set_defaults(run=_invite)
    imported = commands.add_parser("import", help="nạp đơn vị, nhân sự, nội dung kiểm tra, ngày nghỉ từ bảng tính")
    imported.add_argument("file", type=Path, help="tệp .xlsx")
    imported.add_argument("--check", action="store_true", help="chỉ kiểm tra và báo cáo, không ghi")
    imported.add_argument("--template", action="store_true", help="tạo bảng tính trống có hướng dẫn và ví dụ")
    imported.set_defaults(run=_import)
    exported = commands.add_parser("export", help="xuất mọi thứ đang lưu")
    exported.add_argument("--to", type=Path, required=True, metavar="THƯ_MỤC")
    exported.add_argument("--format", choices=FORMATS, default="jsonl")
    exported.add_argument("--evidence", action="store_true", help="kèm bản sao mọi ảnh, bảng Excel mở được từng ảnh")
    exported.set_defaults(run=_export)
    verified = commands.add_parser("verify", help="đối chiếu nhật ký và tệp minh chứng với mã băm của chúng")
    verified.add_argument("--head", default="", metavar="MÃ_BĂM", help="đầu chuỗi nhật ký đã ghi lại lần trước")
    verified.set_defaults(run=_verify)
    shaped = commands.add_parser("template", help="mẫu Word của văn bản: lấy ra để sửa, nạp mẫu riêng của cơ quan")
    what = shaped.add_mutually_exclusive_group(required=True)
    what.add_argument("--to", type=Path, metavar="THƯ_MỤC", help="ghi các mẫu có sẵn và danh sách trường")
    what.add_argument("--keep", type=Path, metavar="TỆP.docx", help="thử mẫu này rồi giữ cho --unit")
    what.add_argument("--take-back", action="store_true", help="trở lại mẫu có sẵn cho --unit")
    shaped.add_argument("--kind", choices=tuple(KINDS), default="minutes", help="loại văn bản (mặc định minutes)")
    shaped.add_argument("--unit", help="cơ quan dùng mẫu, tên hoặc mã; áp dụng cho cả đơn vị trực thuộc")
    shaped.set_defaults(run=_template)
    running = commands.add_parser("run", help="chạy bot và đồng hồ nhắc việc")
    running.add_argument("--only", choices=("chat", "clock"), help="chỉ một nửa (trên PostgreSQL)")
    running.set_defaults(run=_run)
    simulated = commands.add_parser("simulator", help="chạy riêng mạng Telegram, Zalo mô phỏng")
    simulated.add_argument("--port", type=int, default=8081)
    simulated.add_argument("--folder", type=Path, help="nơi giữ lịch sử (mặc định: chỉ trong bộ nhớ)")
    simulated.set_defaults(run=_simulator)
    return parser


# --- commands -------------------------------------------------------------------------------------------------------


def _demo(options: argparse.Namespace) -> None:
    folder = Path("data/demo")
    if options.fresh:
        demo.forget(folder)
    _until_stopped(demo.play(folder, options.port, jobs=Jobs))


def _init(options: argparse.Namespace) -> None:
    settings = read_settings()
    database = Database(settings.database_url)
    now = datetime.now(UTC)
    try:
        migrate(database)
        database.write_now(lambda connection: checklists.load_builtin(connection, now))
        if options.sample:
            summary = load_sample(database, EvidenceStore.from_url(settings.evidence_url), now)
            print(f"Tỉnh mẫu: {summary.units} đơn vị, {summary.people} người, {summary.visits} lượt kiểm tra.")
        code = administrator_code(database, now, name=options.name, unit=options.unit)
        print("Cơ sở dữ liệu đã sẵn sàng.")
        if code is not None:
            print(f"Mã mời quản trị đầu tiên (dùng một lần, trong 72 giờ): /start {code}")
    finally:
        database.stop()


def _invite(options: argparse.Namespace) -> None:
    settings = read_settings()
    database = Database(settings.database_url)
    try:
        check_current(database)
        newcomer = Newcomer(options.name, options.role, options.title)
        invited = invitation(database, newcomer, options.unit, datetime.now(UTC))
    finally:
        database.stop()
    print(f"/start {invited.code}")
    link = asyncio.run(start_link(settings, invited.code)) if settings.telegram_token.get_secret_value() else None
    if link:
        print(link)
    if options.pdf:
        sheet = InvitationSheet(
            newcomer.name, newcomer.title, newcomer.role, invited.unit, invited.code, invited.ends, link or "",
            settings.support_phone,
        )  # fmt: skip
        _write_sheet(options.pdf, sheet)


def _write_sheet(path: Path, sheet: InvitationSheet) -> None:
    """The code is made and printed by now: where the sheet cannot be written, it is good without."""
    try:
        path.write_bytes(invitation_pdf(sheet))
    except OSError as error:
        raise UsageError(f"Không ghi được tệp {path}: {error.strerror}. Mã in ở trên vẫn dùng được.") from error
    print(f"Đã ghi giấy mời: {path}")


def _import(options: argparse.Namespace) -> int:
    if options.template:
        workbooks.write_template(options.file)
        print(f"Đã tạo {options.file}.")
        return 0
    database = Database(read_settings().database_url)
    try:
        check_current(database)
        said = partial(print, flush=True)  # a large file takes seconds: each step is shown as it begins
        return workbooks.import_file(database, options.file, check=options.check, now=datetime.now(UTC), out=said)
    finally:
        database.stop()


def _export(options: argparse.Namespace) -> int:
    settings = read_settings()
    database = Database(settings.database_url)
    store = EvidenceStore.from_url(settings.evidence_url) if options.evidence else None
    try:
        check_current(database)
        return workbooks.export_to(database, options.to, options.format, now=datetime.now(UTC), out=print, photos=store)
    finally:
        database.stop()


def _verify(options: argparse.Namespace) -> int:
    settings = read_settings()
    database = Database(settings.database_url)
    try:
        check_current(database)
        store = EvidenceStore.from_url(settings.evidence_url)
        return verifying.verify(database, store, known_head=options.head, out=print)
    finally:
        database.stop()


def _template(options: argparse.Namespace) -> None:
    if options.to is not None:
        templates.write_all(options.to, print)
        return
    if not options.unit:
        raise UsageError("Cần --unit: cơ quan dùng mẫu này.")
    database = Database(read_settings().database_url)
    now = datetime.now(UTC)
    try:
        check_current(database)
        if options.take_back:
            unit = templates.take_back(database, options.kind, options.unit, now=now)
            print(f"{unit} dùng lại mẫu có sẵn.")
        else:
            unit, remarks = templates.keep(database, options.keep, options.kind, options.unit, now=now)
            print(f"Đã thử và giữ mẫu cho {unit}: {KINDS[options.kind].title.vi}.", *remarks, sep="\n")
    except TemplateFaultError as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"Không đọc được tệp {options.keep}.") from error
    finally:
        database.stop()


def _run(options: argparse.Namespace) -> None:
    settings = read_settings()
    codes.SUPPORT["phone"] = settings.support_phone
    database = Database(settings.database_url)
    if options.only and database.sqlite:
        raise UsageError("--only cần PostgreSQL: trên SQLite chỉ một tiến trình được chạy.")
    redact.install(_secrets(settings))
    try:
        database.hold()
        check_current(database)
        if database.write_now(ahead) is not None:
            raise UsageError("Cơ sở dữ liệu này là của bản chạy thử (đồng hồ đã dời); không dùng để chạy thật.")
        _until_stopped(_serve(settings, database, chat=options.only != "clock", clock=options.only != "chat"))
    finally:
        database.stop()


async def _serve(settings: Settings, database: Database, *, chat: bool, clock: bool) -> None:
    channels = channels_of(settings) if chat else {}
    if chat and not channels:
        raise UsageError(
            "Chưa có mạng trò chuyện nào: đề nghị đặt KYCUONG_TELEGRAM_TOKEN hoặc KYCUONG_ZALO_TOKEN trong .env."
        )
    business, evidence = BusinessClock(), EvidenceStore.from_url(settings.evidence_url)
    pace = Pace(settings.sends_per_second, 1.0 if settings.sends_per_second else 0.0)
    front = Front.of(_place(settings), database, evidence, business) if chat and settings.listens else None
    service = Service(
        database,
        evidence,
        channels,
        business,
        pace=pace,
        hook=front.hook if front else None,
        hand_out=front.hand_out if front else None,
    )
    jobs = Jobs(database, business.now, service.hand_over)
    if front:
        await front.start(service.health)
    if chat:
        await service.start()
    if clock:
        jobs.start()
    log.info("running: %s", ", ".join(f"{name} {account}" for name, account in channels) or "clock only")
    try:
        await (service.serve() if chat else asyncio.Event().wait())
    finally:
        if clock:
            jobs.stop()
        if front:
            await front.close()
        await service.close()
        await database.close()


def channels_of(settings: Settings) -> Mapping[tuple[str, str], Channel]:
    """The channels whose tokens are set, by (name, account)."""
    place = _place(settings)
    address = addresses(place.root, place.secret).of if place.root else None
    telegram = ChannelOptions(settings.burst_silence)
    zalo = ChannelOptions(settings.zalo_burst_silence, settings.zalo_messages_per_month, settings.zalo_users, address)
    wanted = [("telegram", token, settings.telegram_api_url, telegram) for token in _set(settings.telegram_token)]
    wanted += [("zalo", token, settings.zalo_api_url, zalo) for token in settings.zalo_tokens]
    made = [CHANNELS[name](token, root, options) for name, token, root, options in wanted]
    return {(channel.name, channel.account): channel for channel in made}


def _place(settings: Settings) -> Place:
    return Place(settings.listen, settings.webhook_url, settings.webhook_secret.get_secret_value())


def _set(secret: SecretStr) -> list[str]:
    return [secret.get_secret_value()] if secret.get_secret_value() else []


def _secrets(settings: Settings) -> list[str]:
    return [*_set(settings.telegram_token), *settings.zalo_tokens, *_set(settings.webhook_secret)]


def _simulator(options: argparse.Namespace) -> None:
    _until_stopped(_simulate(options.port, options.folder))


async def _simulate(port: int, folder: Path | None) -> None:
    running = await serve(host="127.0.0.1", port=port, folder=folder)
    places = f"KYCUONG_TELEGRAM_API_URL={running.url} KYCUONG_ZALO_API_URL={running.url}"
    print(f"Mạng mô phỏng: {running.url} ({places})", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await running.close()


def _until_stopped(work: object) -> None:
    """Run until it ends or somebody asks politely to stop."""

    async def supervised() -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(supervised())


if __name__ == "__main__":
    sys.exit(main())
