"""Rows of the ServiceNow log: other files, and wrong cells, are refused."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from support.servicenow import HEADER, Make, log_maker
from ticketcore.errors import LogError
from ticketcore.importers import _servicenow_rows, import_servicenow


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write a small log into the test's folder."""
    return log_maker(tmp_path)


def error(path: Path, *, skip_checksum: bool = True) -> tuple[int | None, str | None, str]:
    """Return line, column and message of the error that the import of a file raises."""
    with pytest.raises(LogError) as caught:
        list(import_servicenow(path, "UTC", skip_checksum=skip_checksum))
    return caught.value.line, caught.value.column, caught.value.message


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ({"number": "?"}, "number", "expected a value, found '?'"),
        ({"sys_mod_count": "x"}, "sys_mod_count", "expected a whole number, found 'x'"),
        ({"priority": "High"}, "priority", "expected a whole number, found 'High'"),
        ({"opened_at": "?"}, "opened_at", "expected a time like 29/2/2016 01:16, found '?'"),
        ({"closed_at": "2016-03-01"}, "closed_at", "expected a time like 29/2/2016 01:16"),
        ({"resolved_at": "30/2/2016 01:16"}, "resolved_at", "day "),
    ],
)
def test_a_wrong_cell_is_named(make: Make, row: dict[str, str], column: str, message: str) -> None:
    """The error of a wrong cell has the line, the column and the text of the cell."""
    line, found_column, found = error(make({}, row))

    assert (3, column, message) == (line, found_column, found[: len(message)])


def test_a_time_without_a_utc_instant_is_refused(make: Make) -> None:
    """The last hours of the year 9999 are in the year 10000 of UTC, west of Greenwich."""
    log = make({}, {"closed_at": "31/12/9999 23:59"})
    with pytest.raises(
        LogError, match="line 3: closed_at: 9999-12-31 23:59:00 in America/Boise l"
    ):
        list(import_servicenow(log, "America/Boise", skip_checksum=True))


def test_a_missing_column_is_named(make: Make) -> None:
    """The header must have all columns that the import reads."""
    header = [name for name in HEADER if name != "closed_at"]

    assert (1, "closed_at", "the header lacks this column") == error(make({}, header=header))


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 1, "has no header"),
        (
            f"{','.join(HEADER)}\nINC1\n".encode(),
            2,
            "expected 36 cells, as in the header, found 1",
        ),
        (b'number\n"INC1', 1, "the header lacks this column"),
        (f'{",".join(HEADER)}\n"INC1'.encode(), 3, "cannot be read: "),
        (b"number\n\xff\n", 1, "cannot be read: "),
    ],
)
def test_a_file_that_is_not_the_log_is_refused(
    tmp_path: Path, content: bytes, line: int, message: str
) -> None:
    """An empty file, a broken line, or another encoding is an error with its line."""
    path = tmp_path / "log.csv"
    path.write_bytes(content)

    found_line, _, found = error(path)
    assert (line, message) == (found_line, found[: len(message)])


def test_another_copy_is_refused(make: Make) -> None:
    """A file that differs from the published log is refused, unless the checksum is skipped."""
    message = error(make({}), skip_checksum=False)[2]

    assert message.startswith("differs from the published log (sha256 ")


def test_the_published_log_is_accepted(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with the known checksum is imported."""
    path = make({})
    known = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setattr(_servicenow_rows, "SHA256", known)

    assert ["INC1"] == [ticket for ticket, _ in import_servicenow(path, "UTC")]


def test_the_log_may_be_zipped(make: Make, tmp_path: Path) -> None:
    """A zip file with one CSV file gives the same tickets as the CSV file."""
    path = make({})
    zipped = tmp_path / "log.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(path, "log.csv")
    from_csv, from_zip = (
        list(import_servicenow(each, "UTC", skip_checksum=True)) for each in (path, zipped)
    )

    assert from_csv == from_zip


@pytest.mark.parametrize("skip_checksum", [True, False])
@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("no CSV file", "must hold one CSV file, found 0 in: log.txt"),
        ("not zipped", "is not a zip file: "),
        ("cut off", "is not a zip file: "),
        ("a flipped bit", "cannot be read: "),
    ],
)
def test_a_broken_zip_file_is_refused(
    make: Make, tmp_path: Path, damage: str, message: str, skip_checksum: bool
) -> None:
    """A zip file without one CSV file, or one that cannot be unpacked, is an error."""
    path = tmp_path / "log.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(make({}), "log.txt" if damage == "no CSV file" else "log.csv")
    content = bytearray(path.read_bytes())
    if damage == "not zipped":
        content = bytearray(b"no zip")
    if damage == "cut off":
        del content[-30:]
    if damage == "a flipped bit":
        content[80] ^= 0xFF
    path.write_bytes(content)

    assert error(path, skip_checksum=skip_checksum)[2].startswith(message)
