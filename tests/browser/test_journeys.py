"""What people do with the dashboard, each journey in a real Chromium against the real server."""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from playwright.sync_api import Download, Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from support.browser import ROOT, Server, settle
from support.screen import axis_codes, choose, click_mark, fill, go, key, switch_language, visible_text, visit
from websockets.sync.client import connect

DEMO = ROOT / "data" / "demo" / "saa_demo.xlsx"
PAGES = ("overview", *sorted({path.stem for path in (ROOT / "pages").glob("*.py")} - {"overview"}))
OF_STREAMLIT = re.compile(
    r"drag and drop|browse files|upload|per file|choose an option|choose options|press enter|no results|select all|"
    r"running|skip to|\bstop\b",
    re.IGNORECASE,
)


def spoil(path: Path, cells: dict[tuple[str, str], object]) -> Path:
    """Write the demo workbook with some cells changed: (sheet, cell) → value."""
    book = openpyxl.load_workbook(DEMO)
    for (sheet, cell), value in cells.items():
        book[sheet][cell] = value
    book.save(path)
    return path


def upload(page: Page, path: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
    expect(page.get_by_text(re.compile("没有错误，可以发布|处错误，改正后再发布")).first).to_be_visible()
    settle(page)


def kept(download: Download, folder: Path) -> Path:
    """Save a download under the name it suggests."""
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def test_a_cold_start_leads_to_the_charts_without_asking_anyone_outside(server: Server, page: Page) -> None:
    hosts: set[str | None] = set()
    complaints: list[str] = []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).hostname))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    visit(page, server, "overview")
    for name in ("strips", "accrual", "swimmer"):
        expect(key(page, name).locator(".main-svg").first).to_be_visible()
    answers = page.get_by_test_id("stMetric")
    expect(answers).to_have_count(5)
    expect(answers.filter(has_text="已治疗")).to_contain_text("10/10")
    expect(answers.filter(has_text="第 12 周总反应")).to_contain_text("6/10")
    assert hosts - {None} == {"127.0.0.1"}
    assert complaints == []


@pytest.mark.torture
@pytest.mark.parametrize("name", ("response", "survival"))
def test_a_link_with_filters_shows_just_these_patients_on_a_cold_server(own: Server, page: Page, name: str) -> None:
    visit(page, own, name, "lang=en&pt=P03.P05")
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text("n = 2/10", exact=True)).to_be_visible()
    expect(key(page, "chip_f_patients")).to_contain_text("P03 P05")
    alerts = main.get_by_test_id("stAlert")
    if name == "response":
        expect(alerts).to_have_count(1)
        expect(alerts).to_contain_text("Patients in each group: VSAA 1, SAA 1")
        assert axis_codes(page, "grid") == ["P03", "P05"]
    else:
        expect(alerts).to_have_count(0)
        expect(main.get_by_text(re.compile(r"Neutrophils reached ≥0\.5 ×10⁹/L: \d of 2"))).to_be_visible()


def test_a_page_asked_for_by_a_bare_websocket_comes_after_the_shell(server: Server) -> None:
    ask = BackMsg()
    ask.rerun_script.page_name = "patients"
    ask.rerun_script.query_string = "lang=en&pt=P03.P05"
    kinds, words = [], ""
    place = f"{server.url.replace('http', 'ws')}/_stcore/stream"
    with connect(place, subprotocols=["streamlit"], max_size=None) as line:  # type: ignore[list-item]
        line.send(ask.SerializeToString())
        while not kinds or kinds[-1] != "script_finished":
            message = ForwardMsg()
            message.ParseFromString(line.recv(timeout=60))  # type: ignore[arg-type]
            kinds.append(message.WhichOneof("type"))
            words += f"{message.delta.new_element.markdown.body}\n"
    assert kinds.index("navigation") < kinds.index("script_finished")
    assert 0 < words.index("**n = 2/10**") < words.index("P03: response, counts")


def test_a_websocket_for_another_machine_is_refused(server: Server) -> None:
    place = urlsplit(server.url)
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    for host, status in ((place.netloc, 101), (f"dashboard.example.org:{place.port}", 403)):
        line = http.client.HTTPConnection("127.0.0.1", place.port or 80, timeout=30)
        line.request("GET", "/_stcore/stream", headers={"Host": host, **upgrade})
        assert line.getresponse().status == status
        line.close()


def test_the_language_changes_and_filter_and_patient_stay(server: Server, page: Page) -> None:
    visit(page, server, "patients", "pt=P03.P05&p=P05")
    expect(page.get_by_text("P05：疗效、血象")).to_be_visible()
    switch_language(page, "English")
    expect(page.get_by_text("P05: response, counts")).to_be_visible()
    expect(page.get_by_text("2 of 2", exact=True)).to_be_visible()
    expect(page.get_by_text("n = 2/10", exact=True)).to_be_visible()
    assert "lang=en" in page.url
    assert "pt=P03.P05" in page.url
    switch_language(page, "中文")
    expect(page.get_by_text("P05：疗效、血象")).to_be_visible()
    expect(page.get_by_text("n = 2/10", exact=True)).to_be_visible()


def _everywhere(page: Page, server: Server) -> Iterator[tuple[str, list[str]]]:
    """Visit every page with its filters open and a half-typed word, and yield what a reader sees."""
    visit(page, server, "overview")
    key(page, "filters_open").locator("button").first.click()
    yield "overview", visible_text(page)
    page.keyboard.press("Escape")
    for name in PAGES[1:]:
        go(page, name)
        if name == "data":
            key(page, "import_cutoff").locator("input").press_sequentially("2026")
        yield name, visible_text(page)
        if name == "cohort":
            for number in range(1, 5):
                key(page, "cohort_q").get_by_role("radio").nth(number).click()
                settle(page)
                yield f"cohort, question {number}", visible_text(page)


@pytest.mark.torture
def test_no_english_of_the_toolkit_is_left_on_a_chinese_page(server: Server, page: Page) -> None:
    left = [
        (name, text)
        for name, texts in _everywhere(page, server)
        for text in texts
        if OF_STREAMLIT.search(text) or not texts
    ]
    assert left == []


@pytest.mark.torture
def test_a_click_on_a_patient_opens_it_and_the_filter_stays(server: Server, page: Page) -> None:
    visit(page, server, "overview", "lang=en&pt=P02.P03.P08")
    click_mark(page, "swimmer", "P03")
    expect(page.get_by_text("P03: response, counts")).to_be_visible()
    expect(page.get_by_text("2 of 3", exact=True)).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("P08: response, counts")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("P03: response, counts")).to_be_visible()
    go(page, "overview")
    expect(page.get_by_text("n = 3/10", exact=True)).to_be_visible()
    assert axis_codes(page, "swimmer") == ["P02", "P03", "P08"]


@pytest.mark.torture
def test_a_square_tells_why_and_another_origin_is_a_sensitivity_analysis(server: Server, page: Page) -> None:
    visit(page, server, "response", "lang=en")
    rates = key(page, "grid").locator(".annotation-text")
    stamp = page.locator(".stMarkdownBadge").filter(has_text="SENSITIVITY")
    click_mark(page, "grid", ["P02", 8])
    expect(page.get_by_text("P02, week 8: how it was decided")).to_be_visible()
    assert page.get_by_test_id("stMarkdown").locator("li").count() >= 3
    expect(rates.filter(has_text="6/10")).to_have_count(1)
    expect(stamp).to_have_count(0)
    choose(page, "origin", "the first cord blood infusion")
    expect(stamp).to_be_visible()
    expect(rates.filter(has_text="4/9")).to_have_count(1)
    expect(rates.filter(has_text="6/10")).to_have_count(0)
    assert "origin=first_infusion" in page.url
    page.get_by_role("button", name="Back to the primary setting").click()
    expect(rates.filter(has_text="6/10")).to_have_count(1)
    expect(stamp).to_have_count(0)


@pytest.mark.torture
def test_the_empty_form_opens_as_a_workbook(server: Server, page: Page, tmp_path: Path) -> None:
    visit(page, server, "data")
    with page.expect_download() as got:
        page.get_by_role("button", name="下载录入表（Excel）").click()
    assert got.value.suggested_filename == "SAA录入表.xlsx"
    form = openpyxl.load_workbook(kept(got.value, tmp_path))
    filled = openpyxl.load_workbook(DEMO, read_only=True)
    assert form.sheetnames == filled.sheetnames


@pytest.mark.torture
def test_a_bad_workbook_is_told_cell_by_cell_and_comes_back_marked(server: Server, page: Page, tmp_path: Path) -> None:
    wrong = {("受试者 SUBJ", "C3"): "三十", ("访视 VISIT", "C5"): "2026-13-45", ("不良事件 AE", "F4"): 9}
    visit(page, server, "data")
    upload(page, spoil(tmp_path / "bad.xlsx", wrong))
    expect(page.get_by_text("有 3 处错误，改正后再发布。")).to_be_visible()
    expect(page.get_by_role("button", name="发布为新的数据版本")).to_have_count(0)
    for sheet, _ in wrong:
        expect(page.get_by_test_id("stDataFrame").first).to_contain_text(sheet)
    with page.expect_download() as got:
        page.get_by_role("button", name="下载标注好的录入表").click()
    marked = openpyxl.load_workbook(kept(got.value, tmp_path))
    for sheet, cell in wrong:
        assert marked[sheet][cell].comment is not None, (sheet, cell)


@pytest.mark.torture
def test_a_good_workbook_becomes_a_cut_and_its_charts_once(own: Server, page: Page, tmp_path: Path) -> None:
    path = spoil(tmp_path / "good.xlsx", {("受试者 SUBJ", "D2"): 69.8})
    visit(page, own, "data")
    fill(page, "import_cutoff", "2026-07-31")
    fill(page, "import_label", "七月例会")
    upload(page, path)
    expect(page.get_by_text("共 10 例受试者；各类记录条数")).to_be_visible()
    publish = page.get_by_role("button", name="发布为新的数据版本")
    publish.click()
    done = page.get_by_text(re.compile(r"已发布：\d{8}T\d{6}Z-[0-9a-f]{8}。10 例受试者"))
    expect(done).to_be_visible()
    cut = re.search(r"\d{8}T\d{6}", done.inner_text())
    page.get_by_role("link", name="去总览看图").click()
    settle(page)
    expect(key(page, "cut").locator("input")).to_have_value("截止 2026-07-31 · 七月例会")
    assert cut is not None
    expect(page.get_by_text(f"数据版本 {cut[0]}").first).to_be_visible()
    expect(key(page, "strips").locator(".main-svg").first).to_be_visible()
    go(page, "data")
    upload(page, path)
    publish.click()
    expect(page.get_by_text(re.compile("内容与已有版本.*完全相同，没有新建"))).to_be_visible()


@pytest.mark.torture
def test_a_cut_made_on_the_command_line_is_offered_by_the_open_dashboard(own: Server, page: Page) -> None:
    visit(page, own, "overview", "lang=en")
    made = own.command("import", str(DEMO), "--cutoff", "2026-06-30", "--label", "interim")
    assert made.returncode == 0, made.stderr
    go(page, "response")
    expect(key(page, "cut").locator("input")).to_have_value(re.compile("^Cut-off 2026-07-31"))
    choose(page, "cut", "Cut-off 2026-06-30 · interim")
    expect(page.get_by_text(re.compile("cut-off 2026-06-30")).first).to_be_visible()
