"""Every role at every page over a bare websocket, link and switch included; every pair of roles, in both orders.

Long: `make torture`.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
from support.browser import ROOT
from support.login_server import Hospital, running_hospital
from support.marked_cut import ALLOWED, bytes_of, found, make_marked_cut
from support.visitor import Answer, Visitor, ask, take

from saa_dash.access.pages import PAGES, can_page
from saa_dash.model.principal import Principal, Role, local_principal
from saa_dash.services.audit import audit_rows

pytestmark = pytest.mark.torture

LINK = "p=P03&pt=P03.P05&day=3&view=all&sev=SAA&age=20-40"
PEOPLE = [str(role) for role in Role]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wire")


@pytest.fixture(scope="module")
def marked(folder: Path) -> str:
    """What a link to the marked cut begins with."""
    return f"lang=en&cut={make_marked_cut(folder / 'data').cut_id}"


@pytest.fixture(scope="module")
def hospital(folder: Path, marked: str) -> Iterator[Hospital]:
    with running_hospital(folder) as running:
        yield running


def sent(answer: Answer) -> bytes:
    return b"\n".join(bytes_of(message) for message in answer.messages)


def visitor(hospital: Hospital, role: str) -> Visitor:
    someone = Visitor(hospital.url)
    someone.log_in(role)
    return someone


@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_cold_by_link_and_by_switch(role: str, hospital: Hospital, marked: str) -> None:
    someone, person = visitor(hospital, role), Principal("x", frozenset({Role(role)}))
    marks: set[str] = set()
    own = {b"P03", b"P05"}  # what the link itself names
    for page in PAGES:
        cold, linked = someone.cold(page, marked), someone.cold(page, f"{marked}&{LINK}")
        with someone.line() as line:
            ask(line, next(name for name in PAGES if can_page(person, name)), marked)
            take(line)
            ask(line, page, marked)
            switched = take(line)
        for answer in (cold, linked, switched):
            words = sent(answer)
            for code in own if answer is linked else ():
                words = words.replace(code, b"")
            marks |= (here := found(words))
            assert here <= ALLOWED[role], (role, page, here)
            if not can_page(person, page):
                assert "may not open this page" in answer.words
                assert b"plotly" not in words
                assert b"customdata" not in words
    assert role == "admin" or ("code" in marks) == ("code" in ALLOWED[role])


def test_logs_and_audit_trail_name_no_subject(hospital: Hospital) -> None:
    logs = [hospital.server.log, *(hospital.server.data_dir / "logs").glob("*")]
    assert found(b"\n".join(path.read_bytes() for path in logs if path.is_file())) <= {"code"}
    rows = audit_rows(local_principal(), hospital.server.data_dir)
    assert rows
    assert found(repr(rows).encode()) <= {"code"}


PROCESS = """
import pickle, sys
sys.path[:0] = [{root!r}, {tests!r}, {here!r}]
from pathlib import Path
import test_services as ours
told, data = {{}}, Path({data!r})
for after in {others!r}:
    ours.RESULTS.clear()
    first = ours.ask_all(data, {first!r}, ours.ASKED)
    told.setdefault({first!r}, first)
    told[after] = ours.ask_all(data, after, ours.ASKED)
Path({out!r}).write_bytes(pickle.dumps(told))
"""


def in_a_process(data: Path, out: Path, first: str, others: list[str]) -> dict[str, dict[str, bytes]]:
    """Return what a role is told by a process of its own, and what each of the others is told after it."""
    here = Path(__file__).parent
    places = {"root": str(ROOT), "tests": str(here.parent), "here": str(here), "data": str(data), "out": str(out)}
    code = PROCESS.format(first=first, others=others, **places)
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    told: dict[str, dict[str, bytes]] = pickle.loads(out.read_bytes())
    return told


def test_every_pair_of_roles_in_both_orders_is_told_what_a_fresh_process_tells(
    marked_dir: Path, tmp_path: Path
) -> None:
    seeing = [role for role in PEOPLE if role != "admin"]
    told = {
        role: in_a_process(marked_dir, tmp_path / "told", role, [other for other in seeing if other != role])
        for role in seeing
    }
    for first, second in permutations(seeing, 2):
        assert told[first][second] == told[second][second], (first, second)
    for role in seeing:
        assert set().union(*(found(words) for words in told[role][role].values())) == ALLOWED[role]
