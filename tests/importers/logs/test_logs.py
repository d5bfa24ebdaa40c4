"""The kinds of logs: CSV of any dialect, JSON, JSON Lines and XES, also packed."""

import gzip
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.histories.logs import HEAD, imported
from ticketcore.errors import LogError
from ticketcore.importers import ImportReport
from ticketcore.importers.logs import _json
from ticketcore.importers.logs._json import BoundedJson

SHORT = f'{HEAD}\n[[event]]\nevent = "closed"\nby = "system"\nto_state = "zu"\n'
EXPECTED = {"ä1": ["05T09:00 opened customer incident", "06T09:00 closed system"]}
CSV = "id,at,state\nä1,2026-01-05 09:00,neu\nä1,2026-01-06 09:00,zu\n"
CSV_AS_JSON = (
    '[{"id": "ä1", "at": "2026-01-05 09:00", "state": "neu", "share": 0.5},'
    ' {"id": "ä1", "at": "2026-01-06 09:00", "state": "zu"}]'
)
NESTED = {
    "issues": [
        {
            "id": "ä1",
            "at": "2026-01-05T09:00Z",
            "state": "neu",
            "log": {"changes": [{"at": "2026-01-06T09:00Z", "state": "zu"}, {"state": None}]},
        },
        {"id": 2.50, "at": "2026-01-05T10:00Z", "log": None},
    ]
}
BY_PATH = SHORT.replace(
    'state = "state"\n',
    'state = "state"\n[log.rows]\nissue = "issues[]"\nchange = "issues[].log.changes[]"\n',
    1,
)


def zipped(path: Path, *names: str) -> bytes:
    """Return a zip file in which each file is the CSV log."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("folder")
        for name in names:
            archive.writestr(name, CSV)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        (CSV.encode(), ""),
        (CSV.replace(",", ";").encode("utf-8-sig"), ""),
        (CSV.replace(",", "\t").encode("utf-16"), ""),
        (CSV.replace(",", "|").encode("cp1252"), 'encoding = "cp1252"'),
        (CSV.replace(",", "#").replace("\n", "\r\n").encode(), 'delimiter = "#"'),
        (CSV.replace("neu", '"ne\nu, ""x"""').encode(), ""),
        (CSV.replace("neu", "neu\n \n").encode(), ""),
        (f"#TYPE Ticket\n{CSV}\ufeff#TYPE Ticket\n{CSV}".encode("utf-8-sig"), ""),
        (f"\n{CSV}\ufeff{CSV}".encode(), ""),
        (f"sep=#\r\n{CSV}".replace(",", "#").encode(), ""),
        (f'{CSV}\ufeff"id","at","state"\n'.encode(), ""),
        (gzip.compress(CSV.encode()), ""),
        (
            gzip.compress(
                json.dumps(
                    NESTED["issues"][:1]
                    and [
                        {"id": "ä1", "at": "2026-01-05 09:00", "state": "neu"},
                        {"id": "ä1", "at": "2026-01-06 09:00", "state": "zu"},
                    ]
                ).encode("utf-8-sig")
            ),
            "",
        ),
        (
            b'{"id": "\xc3\xa41", "at": "2026-01-05 09:00"}\n{"id": "\xc3\xa41", '
            b'"at": "2026-01-06 09:00", "state": "zu"}\n',
            "",
        ),
        (
            json.dumps(
                {
                    "data": {
                        "rows": [
                            {"id": "ä1", "at": "2026-01-05 09:00", "state": "neu"},
                            {"id": "ä1", "at": "2026-01-06 09:00", "state": "zu"},
                        ]
                    }
                }
            ).encode(),
            'rows = "data.rows[]"',
        ),
        (
            b'{"number": "\xc3\xa41", "log": [{"id": 7, "at": "2026-01-05 09:00"}]}\n'
            b'{"number": "\xc3\xa41", "log": [{"at": "2026-01-06 09:00", "state": "zu"}]}\n',
            'rows = "[].log[]"',
        ),
    ],
    ids=range(16),
)
def test_each_kind_of_file_gives_the_same_history(
    tmp_path: Path, content: bytes, keys: str
) -> None:
    """Logs in each kind of file, encoding and delimiter give the same history."""
    mapping = SHORT.replace('time = "at"', f'time = "at"\n{keys}')
    if "[].log[]" in keys:  # a document in each line is an element of the list
        mapping = mapping.replace('ticket = "id"', 'ticket = "[].number"')

    assert EXPECTED == imported(tmp_path, content, mapping)


def test_a_zip_file_has_one_log(tmp_path: Path) -> None:
    """A zip file must hold one log; several files are an error that names them."""
    assert EXPECTED == imported(tmp_path, zipped(tmp_path / "a.zip", "log.csv"), SHORT)
    with pytest.raises(LogError, match=r"must hold one log, found 2 files: a, b; save a spread"):
        imported(tmp_path, zipped(tmp_path / "b.zip", "a", "b"), SHORT)


@pytest.mark.parametrize("damage", ["cut off", "a flipped bit"])
@pytest.mark.parametrize("packed", ["gzip", "zip"])
def test_a_damaged_packed_file_is_refused(tmp_path: Path, packed: str, damage: str) -> None:
    """A damaged packed file is refused, and the error says that it cannot be unpacked."""
    log = gzip.compress(CSV.encode() * 50)
    content = bytearray(log if packed == "gzip" else zipped(tmp_path / "a.zip", "log.csv"))
    if damage == "cut off":
        del content[-30:]
    else:
        content[30 if packed == "gzip" else content.index(b"log.csv") + 20] ^= 0xFF

    with pytest.raises(LogError, match="cannot be unpacked"):
        imported(tmp_path, bytes(content), SHORT)


KEYED = {
    "bugs": {
        "35": {
            "opened": "2026-01-05",
            "comments": {"c1": {"at": "2026-01-06"}, "c2": [{"at": "2026-01-07"}]},
        },
        "36": [{"opened": "2026-01-08", "comments": {}}],
    }
}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_elements_of_an_object_have_keys(tmp_path: Path, mark: str) -> None:
    """An object is read as a list is; its elements, or lists of them, have their key."""
    paths = 'rows = { bug = "bugs[]", note = "bugs[].comments[]" }'
    mapping = (
        HEAD.replace('state = "state"', paths)
        .replace('"id"', '"bugs[]"')
        .replace('"at"', '["at", "opened"]')
        + '[[event]]\nevent = "note-added"\nby = "support"\ntext = "{bugs[].comments[]}"\n'
        + 'rows = "note"\n'
    )

    assert {
        "35": [
            "05T00:00 opened customer incident",
            "06T00:00 note-added support c1",
            "07T00:00 note-added support c2",
        ],
        "36": ["08T00:00 opened customer incident"],
    } == imported(tmp_path, mark + json.dumps(KEYED), mapping)


def test_paths_in_one_list_are_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths that begin with the same list are read at once, each other list by itself."""
    read: list[str] = []

    all_elements = _json.elements

    def elements(path: Path, top: str, reject: Any) -> Any:
        read.append(top)
        return all_elements(path, top, reject)

    monkeypatch.setattr(_json, "elements", elements)
    log = {
        "issues": [{"id": 1, "at": "2026-01-05", "a": [{"at": "2026-01-07"}], "b": [{}]}],
        "calls": [{"id": 1, "at": "2026-01-06"}],
    }
    paths = 'rows = { i = "issues[]", a = "issues[].a[]", c = "calls[]", b = "issues[].b[]" }'
    report = ImportReport()
    mapping = HEAD.replace('"id"', '["issues[].id", "id"]').replace('state = "state"', paths)

    assert ["1"] == [*imported(tmp_path, log, mapping, report=report)]
    assert (["issues[]", "calls[]"], 4) == (read, report.rows)


def test_a_path_through_a_list_gives_all_its_texts(tmp_path: Path) -> None:
    """A column may lead through a list of objects: its cell has their texts, with commas."""
    log = [
        {"id": 1, "at": "2026-01-05", "by": {"login": "cara"}, "tags": [{"name": "a"}, {}]},
        {"id": 1, "at": "2026-01-06", "added": [{"to": {"name": "x"}}, {"to": {"name": "y"}}]},
        {"id": 1, "at": "2026-01-07", "added": []},
        {"id": 1, "at": "2026-01-08", "added": "text", "tags": 7},
    ]
    mapping = HEAD.replace('"incident"', '"{tags.name}"') + (
        '[[event]]\nevent = "replied"\nby = "support"\n'
        'where = { "added.to.name" = { not = "" } }\ntext = "{added.to.name}"\n'
    )

    assert {"1": ["05T00:00 opened customer a", "06T00:00 replied support x, y"]} == imported(
        tmp_path, log, mapping
    )


def test_a_path_from_the_outermost_list_names_one_element(tmp_path: Path) -> None:
    """A column that begins with the path of an element is not looked up in those around it."""
    log = [{"id": 1, "at": "2026-01-05", "who": "cara", "notes": [{"at": "2026-01-06"}]}]
    mapping = HEAD.replace('state = "state"', 'rows = { a = "[]", note = "[].notes[]" }') + (
        '[[event]]\nevent = "replied"\nby = "support"\nrows = "note"\nactor = "{[].notes[].who}"\n'
    )

    assert {"1": ["05T00:00 opened customer incident", "06T00:00 replied support"]} == imported(
        tmp_path, log, mapping
    )


def test_nested_rows_see_the_elements_around_them(tmp_path: Path) -> None:
    """A nested row sees the columns of the elements around it, the innermost first."""
    mapping = BY_PATH.replace('ticket = "id"', 'ticket = "issues[].id"')
    report = ImportReport()

    assert EXPECTED | {"2.5": ["05T10:00 opened customer incident"]} == imported(
        tmp_path, NESTED, mapping, report=report
    )
    assert (4, 2) == (report.rows, report.tickets)


def test_a_rule_can_be_for_the_rows_of_one_path(tmp_path: Path) -> None:
    """A rule for the rows of one path compares states only with rows of that path."""
    mapping = BY_PATH.replace('to_state = "zu"', 'to_state = "zu"\nrows = "change"')
    other = BY_PATH.replace('to_state = "zu"', 'to_state = "zu"\nrows = "issue"')

    assert 2 == len(imported(tmp_path, NESTED, mapping)["ä1"])
    assert 1 == len(imported(tmp_path, NESTED, other)["ä1"])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (["a", 1, None, {"b": 1}], "a, 1"),
        ({"deep": {"er": "x"}}, None),
        ("-", None),
    ],
)
def test_values_of_json_become_text(tmp_path: Path, value: Any, text: str | None) -> None:
    """Lists of texts are joined; an object has no text of its own."""
    mapping = HEAD.replace('"incident"', '["{v}", "{v.deep.er}", "none"]').replace(
        "[opened]", 'missing = "-"\n[opened]'
    )
    log = [{"id": 1, "at": "2026-01-05", "v": value}]
    expected = "x" if isinstance(value, dict) else text or "none"

    assert {"1": [f"05T00:00 opened customer {expected}"]} == imported(tmp_path, log, mapping)


@pytest.mark.parametrize("log", [[1, "x", None], {"id": [1]}, [[{"id": "1"}]]])
def test_json_without_rows_gives_no_tickets(tmp_path: Path, log: Any) -> None:
    """Elements that are not objects have no columns, so their rows are left out."""
    report = ImportReport()

    assert {} == imported(tmp_path, log, BY_PATH, report=report)
    assert {} == imported(tmp_path, log, SHORT, report=report)


@pytest.mark.parametrize("content", [b'[{"id": 1}, {"id"', b'{"issues": [}', b"[\xff]"])
def test_broken_json_is_refused(tmp_path: Path, content: bytes) -> None:
    """Broken JSON is refused, and the error names the last element that was read."""
    advice = "; export it again, or as JSON Lines, of which broken lines are left out$"
    with pytest.raises(LogError, match=f"is not JSON after element [01]: .*{advice}"):
        imported(tmp_path, content, SHORT)


def nested(value: object, levels: int) -> object:
    """Return a value inside this many lists."""
    for _ in range(levels):
        value = [value]
    return value


def test_json_and_xes_in_utf_16(tmp_path: Path) -> None:
    """JSON in UTF-16 is refused with the advice to save it as UTF-8; XES may be in UTF-16."""
    with pytest.raises(LogError, match="is JSON in UTF-16: save it as UTF-8"):
        imported(tmp_path, CSV_AS_JSON.encode("utf-16"), SHORT)

    event = '<event><date key="at" value="2026-01-05"/></event>'
    log = f'<log><trace><string key="id" value="ä"/>{event}</trace></log>'.encode("utf-16")
    mapping = HEAD.replace('"id"', '"traces[].id"')
    assert {"ä": ["05T00:00 opened customer incident"]} == imported(tmp_path, log, mapping)


@given(
    st.recursive(
        st.text('ab"\\[]{}'),
        lambda below: st.lists(below) | st.dictionaries(st.text('"\\[]{}'), below),
    ),
    st.integers(1, 40),
)
def test_brackets_in_texts_do_not_count_as_levels(value: object, size: int) -> None:
    """Brackets in texts do not count as levels; 64 levels are read, and 65 are refused."""
    inner = 0
    while inner < 64 and max_depth(nested(value, inner)) < 64:
        inner += 1

    def read(levels: int) -> None:
        content = json.dumps(nested(value, levels)).encode()
        file = BoundedJson(io.BytesIO(content), "")
        assert content == b"".join(iter(lambda: file.read(size), b""))

    read(inner)
    with pytest.raises(LogError, match="nested too deeply: expected at most 64 levels"):
        read(inner + 1)


def max_depth(value: object) -> int:
    """Return how many lists and objects are nested."""
    if isinstance(value, dict):
        value = [*value.values()]
    return 1 + max(map(max_depth, value), default=0) if isinstance(value, list) else 0


@pytest.mark.parametrize(
    "content",
    [
        f'[{{"id": [{"1," * 2_100_000}1]}}]',
        f'[{{"id": "{"x" * 4_200_000}"}}]',
        f'{{"id": [{"[1]," * 1_100_000}1]}}',
    ],
    ids=["a list", "a text", "a document"],
)
def test_an_element_of_more_than_four_megabytes_is_refused(tmp_path: Path, content: str) -> None:
    """An element of more than four megabytes is refused, because memory holds it."""
    message = "has an element of more than 4,000,000 bytes: name the path to smaller ones in log"
    with pytest.raises(LogError, match=message):
        imported(tmp_path, content, SHORT)


def test_a_number_of_three_hundred_digits_is_refused(tmp_path: Path) -> None:
    """A number of three hundred digits is refused before the JSON parser reads it."""
    digits = "8" * 299

    assert EXPECTED == imported(
        tmp_path, CSV_AS_JSON.replace("neu", "9" * 5_000).replace("0.5", digits), SHORT
    )
    with pytest.raises(LogError, match="has a number of 300 digits or more"):
        imported(tmp_path, CSV_AS_JSON.replace("0.5", digits + "8"), SHORT)


def test_elements_of_any_number_are_read(tmp_path: Path) -> None:
    """A log may have any number of elements, because the limit is for the size of one."""
    beside = [{"id": "x" * 1_000}] * 5_000

    assert 4_000_000 < len(json.dumps(beside))
    assert EXPECTED == {
        "ä1": imported(tmp_path, {"beside": beside, **NESTED}, BY_PATH)["ä1"],
    }


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("id," * 1_400_000, 1),
        (CSV + "x," * 2_000_100, 4),
        (CSV + '"a\n",' * 900_000, 800_004),
    ],
    ids=["header", "line", "several lines"],
)
def test_a_record_of_more_than_four_million_characters_is_refused(
    tmp_path: Path, content: str, line: int
) -> None:
    """A record of more than four million characters is refused before its end is read."""
    message = re.escape(f"line {line}: has a record of more than 4,000,000 characters")
    with pytest.raises(LogError, match=message):
        imported(tmp_path, content, SHORT)


XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
  <string key="concept:name" value="a log"/>
  <trace>
    <string key="concept:name" value="ä1"><string key="nested" value="x"/></string>
    <event>
      <string key="concept:name" value="neu"/>
      <date key="time:timestamp" value="2026-01-05T09:00:00.000+00:00"/>
    </event>
    <event>
      <string key="concept:name" value="zu"/>
      <date key="time:timestamp" value="2026-01-06T10:00:00+01:00"/>
    </event>
  </trace>
</log>
"""


def test_a_trace_of_xes_is_a_ticket(tmp_path: Path) -> None:
    """A trace of XES is a ticket whose events are the rows."""
    mapping = (
        SHORT.replace('"id"', '"traces[].concept:name"')
        .replace('"at"', '"time:timestamp"')
        .replace('"state"', '"concept:name"')
    )

    assert EXPECTED == imported(tmp_path, XES, mapping)
    later = '<string key="concept:name" value="other"/></trace>'  # the standard has them first
    assert EXPECTED == imported(tmp_path, XES.replace("</trace>", later), mapping)
    with pytest.raises(LogError, match="is not XML after trace 0: "):
        imported(tmp_path, XES[:-10], mapping)


def test_entities_that_grow_are_refused(tmp_path: Path) -> None:
    """XML entities that grow are refused, so that a small file cannot become a large one."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE log [<!ENTITY e0 "ha">{entities}]><log><trace>&e11;</trace></log>'

    with pytest.raises(LogError, match="is not XML after trace 0: "):
        imported(tmp_path, bomb, SHORT)


@pytest.mark.parametrize("encoding", ["utf-99", "base64"])
def test_a_log_of_xes_in_a_strange_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    """A log of XES in an unknown encoding, or in one that is not for text, is refused."""
    log = f'<?xml version="1.0" encoding="{encoding}"?><log/>'
    with pytest.raises(LogError, match="is not XML after"):
        imported(tmp_path, log, SHORT)


def test_a_missing_quote_takes_one_row(tmp_path: Path) -> None:
    """A missing quote loses one row, and the row after it is read."""
    lines = ['a,2026-01-05,"', "x", '"b","2026-01-06",new', "c,2026-01-07,new", 'd,2026-01-08,"']
    report = ImportReport()
    log = "\n".join(["id,at,state", *lines, "e,2026-01-09,new", ""])

    assert ["b", "c", "e"] == [*imported(tmp_path, log, SHORT, report=report)]
    assert [
        "line 2 to 3: cannot be read: ',' expected after '\"'",
        "line 6: cannot be read: unexpected end of data",
    ] == [str(error) for error in report.wrong_examples]


def test_a_file_with_one_column_is_no_table(tmp_path: Path) -> None:
    """A file with a single column is refused, since it is probably not a table."""
    mapping = SHORT.replace('time = "at"', 'time = "at"\ndelimiter = "|"')
    with pytest.raises(
        LogError, match=r"^line 2: is not a table: .*, found 'id,at,state'; remove l"
    ):
        imported(tmp_path, f"\n{CSV}", mapping)
    with pytest.raises(LogError, match=r"expected the names of several columns, found ''; remove"):
        imported(tmp_path, "#TYPE Ticket\n\n", mapping)


def test_a_broken_line_of_json_is_left_out(tmp_path: Path) -> None:
    """A broken line of JSON is left out and reported once; each other line is read."""
    lines = [
        '\ufeff{"id": 1, "at": "2026-01-05", "notes": []}',
        '{"id": 2, "at": "2026-01-05", "notes": [{"at',
        "",
        "<html>502 Bad Gateway</html>",
        f'{{"id": {"[" * 70}',
        f'{{"id": 3, "at": "2026-01-05", "n": {"8" * 200}.50, "notes": []}}',
    ]
    mapping = SHORT.replace("[opened]", 'rows = { a = "[]", note = "[].notes[]" }\n[opened]', 1)
    report = ImportReport()

    assert ["1", "3"] == [*imported(tmp_path, "\n".join(lines), mapping, report=report)]
    assert [
        "line 2: is not JSON: Unt",
        "line 4: is not JSON: Exp",
        "line 5: is nested too de",
    ] == [str(error)[:24] for error in report.wrong_examples]
    assert str(report.wrong_examples[1]).endswith("is not JSON: Expecting value at character 1")


@pytest.mark.parametrize("form", ["list", "lines"])
def test_json_with_damaged_text_is_read(tmp_path: Path, form: str) -> None:
    """Bytes that are not text, lone surrogates and NUL become U+FFFD, and are counted."""
    mapping = HEAD.replace('"incident"', '"{v}"')
    cells = [b"a\xed\xa0\x80b", b"\\ud800", b"a\0b", b"a\tb\r\n", "à".encode(), b"\xc3"]
    cells += [rb"\ud800\ud800", rb"\uDC00 \\ud800", rb"\ud83d\ude00", rb"\ud800\u0041"]
    rows = [b'{"id": %d, "at": "2026-01-05", "v": "%s"}' % each for each in enumerate(cells)]
    if form == "lines":
        rows = [row.replace(b"\r\n", b"") for row in rows]
    log = b"[%s]" % b",".join(rows) if form == "list" else b"\n".join(rows)
    report = ImportReport()
    events = imported(tmp_path, log, mapping, report=report)

    texts = ["a\ufffd\ufffd\ufffdb", "\ufffd", "a\ufffdb", "a b", "à", "\ufffd"]
    texts += ["\ufffd\ufffd", "\ufffd \\ud800", "\U0001f600", "\ufffdA"]
    assert texts == [opened.split(" ", 3)[3] for (opened,) in events.values()]
    assert (7, 0) == (report.damaged, report.wrong)


@given(
    st.lists(st.sampled_from(["\\", "x", '"', "\ud83d", "\ude00", "é", "7"])), st.integers(1, 9)
)
def test_an_escape_may_lie_in_two_blocks(parts: list[str], size: int) -> None:
    """Surrogates become U+FFFD unless they are a pair, wherever a block of the file ends."""
    text = "".join(parts)
    content = json.dumps([text]).encode()
    file = BoundedJson(io.BytesIO(content), "")

    (read,) = json.loads(b"".join(iter(lambda: file.read(size), b"")))
    assert text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") == read


def test_a_long_text_of_escapes_is_refused() -> None:
    """Escapes without any other character count for the size of an element."""
    file = BoundedJson(io.BytesIO(b'["' + rb"\u4e2d" * 700_000), "item")

    with pytest.raises(LogError, match="has an element of more than 4,000,000 bytes"):
        [*iter(lambda: file.read(1 << 16), b"")]


def test_a_character_may_lie_in_two_blocks() -> None:
    """A character that lies in two blocks is read as a whole."""
    file = BoundedJson(io.BytesIO(b'"\xc3\xa9\xe2\x82'), "")

    assert '"é\ufffd'.encode() == b"".join(iter(lambda: file.read(1), b""))


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_xes_with_characters_that_xml_refuses_is_read(tmp_path: Path, encoding: str) -> None:
    """Characters that XML refuses become U+FFFD in their cells, and are counted."""
    cells = ["a\0b", "a\x1f", "&#0;&#x1;&#xD800;&#1114112;", "é&#233;&#xe9;&amp;", "&#xFFFE;"]
    expected = ["a\ufffdb", "a\ufffd", "\ufffd" * 4, "ééé&", "\ufffd"]
    times = '<date key="at" value="2026-01-05"/>'
    mapping = HEAD.replace('"id"', '"traces[].id"').replace('"incident"', '"{v}"')
    for size in (0, *range((1 << 16) - 60, (1 << 16) - 20)):
        traces = [
            f'<trace><string key="id" value="{n}"/><event>{times}<string key="v" value="{v}"/>'
            "</event></trace>"
            for n, v in enumerate(cells)
        ]
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        log = f"{head}<log>{' ' * (size - len(head) - 80)}{''.join(traces)}</log>"
        report = ImportReport()
        events = imported(tmp_path, log.encode(encoding), mapping, report=report)

        assert expected == [opened.split(" ", 3)[3] for (opened,) in events.values()]
        assert 4 == report.damaged


def test_xes_with_bytes_that_are_not_text_is_read(tmp_path: Path) -> None:
    """XES without a declared encoding is read as UTF-8, with bytes that are not text replaced."""
    event = b'<event><date key="at" value="2026-01-05"/></event>'
    log = b'<log><trace><string key="id" value="\xe9\xed\xa0\x80"/>%s</trace></log>' % event
    mapping = HEAD.replace('"id"', '"traces[].id"')

    assert ["\ufffd" * 4] == [*imported(tmp_path, log, mapping)]
