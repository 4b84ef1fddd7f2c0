"""The project around the code: the wheel, the layers, the versions, the commands of the README."""

import ast
import importlib.metadata
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

import agent

ROOT = Path(__file__).parent.parent
PACKAGES = ("agent", "extractors", "checks", "fixtures")
SCRIPTS = ("apt", "browser", "run", "venv")


def run(*command: str, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env=os.environ | env, text=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=180
    )


def files(folder: str) -> set[str]:
    """What stands below a folder of the project, without what tools leave behind."""
    names = {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}
    return {name for name in names if not re.search(r"(^|/)(__pycache__/|\.)", name)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", str(folder))
    built = run(sys.executable, "-m", "pip", "wheel", *options, str(ROOT))
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def carried(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_wheel_carries_a_package_with_its_data(package: str, carried: set[str]) -> None:
    wanted = {name for name in files(package) if not name.startswith("fixtures/recordings/")}
    assert wanted
    assert wanted <= carried, f"missing: {sorted(wanted - carried)}"


def test_of_the_recordings_the_wheel_carries_the_demo_only(carried: set[str]) -> None:
    recordings = {name for name in carried if name.startswith("fixtures/recordings/")}
    assert recordings == files("fixtures/recordings/northwind")


def test_the_wheel_carries_nothing_else(carried: set[str]) -> None:
    assert {name.split("/")[0] for name in carried} == set(PACKAGES)


def test_the_installed_wheel_stands_alone(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = "import agent, extractors, checks, fixtures; print(agent.__version__, fixtures.__file__)"
    done = run(sys.executable, "-c", code, cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.stdout.split() == [agent.__version__, str(tmp_path / "fixtures" / "__init__.py")], done.stderr


def test_the_version_is_the_same_everywhere(wheel: Path) -> None:
    assert importlib.metadata.version("shoplint") == agent.__version__
    assert wheel.name == f"shoplint-{agent.__version__}-py3-none-any.whl"
    newest = re.search(r"^## \[([^]]+)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest
    assert newest[1] == agent.__version__


def test_every_dependency_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for requirement in project["dependencies"]:
        assert importlib.metadata.version(re.split(r"[<>=]", requirement)[0])


# The layers


def layers(folder: Path) -> subprocess.CompletedProcess[str]:
    return run(str(Path(sys.executable).parent / "lint-imports"), "--no-cache", cwd=folder)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the code that a test may spoil."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("recordings", "__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_layers_hold() -> None:
    done = layers(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("extractors/spoiled.py", "import agent"),
        ("extractors/spoiled.py", "from checks import spoiled"),
        ("checks/spoiled.py", "import fixtures"),
        ("checks/spoiled.py", "from extractors import spoiled"),
        ("extractors/spoiled.py", "def read():\n    import sqlite_utils"),
        ("checks/spoiled.py", "from playwright.sync_api import sync_playwright"),
    ],
)
def test_a_broken_layer_is_noticed(module: str, line: str, sources: Path) -> None:
    for package in ("checks", "extractors"):
        (sources / package / "spoiled.py").touch()
    (sources / module).write_text(line + "\n", "utf-8")
    done = layers(sources)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout


# The import linter knows packages as a whole; these are single modules of packages that are welcome otherwise.
BARRED = {"urllib.request", "http.client", "urllib.robotparser"}


def barred(source: str) -> set[str]:
    named: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return named & BARRED


@pytest.mark.parametrize("package", ["extractors", "checks"])
def test_reading_and_judging_import_no_client(package: str) -> None:
    found = {path.name: barred(path.read_text("utf-8")) for path in (ROOT / package).rglob("*.py")}
    assert {name: modules for name, modules in found.items() if modules} == {}


def test_a_client_is_noticed_in_every_spelling() -> None:
    for line in ("import urllib.request", "from urllib import request", "from urllib.request import urlopen"):
        assert barred(line) == {"urllib.request"}
    assert barred("from urllib.parse import urlsplit") == set()


# The commands


def targets() -> list[str]:
    return re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


def test_the_readme_names_every_target() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert {"demo", "test", "lint", "bench", "docs", "clean"} <= set(targets())
    assert [target for target in targets() if not re.search(rf"make {target}\b(?!-)", readme)] == []


@pytest.mark.parametrize("target", [*targets(), "demo LIVE=1"])
def test_a_target_can_be_made(target: str) -> None:
    done = run("make", "--dry-run", *target.split())
    assert done.returncode == 0, done.stderr


def test_only_the_live_demo_needs_a_browser() -> None:
    assert ".ci/browser" not in run("make", "--dry-run", "demo").stdout
    live = run("make", "--dry-run", "demo", "LIVE=1").stdout
    assert ".ci/browser" in live
    assert "--live" in live


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_can_run(name: str) -> None:
    path = ROOT / ".ci" / name
    assert os.access(path, os.X_OK)
    done = run("bash", "-n", str(path))
    assert done.returncode == 0, done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Callable[..., Path]:
    """A project whose `make` does what the test says: `checkout(lint="true", test="echo …")`."""

    def make(lint: str, test: str) -> Path:
        shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
        (tmp_path / "Makefile").write_text(f"lint:\n\t@{lint}\ntest:\n\t@{test}\n", "utf-8")
        return tmp_path

    return make


PASSED = "===== 12 passed, 1 skipped in 3.21s ====="
FAILED = "===== 1 failed, 11 passed in 75.00s (0:01:15) ====="


@pytest.mark.parametrize(
    ("lint", "test", "code", "last"),
    [
        ("true", f"echo '{PASSED}'", 0, PASSED),
        ("true", f"echo '{FAILED}'; exit 1", 1, FAILED),
        ("false", f"echo '{PASSED}'", 1, PASSED),
        ("true", "echo '===== no tests ran in 0.01s ====='; exit 5", 1, "===== no tests ran in 0.01s ====="),
    ],
)
def test_the_gate_passes_on_what_it_saw(
    lint: str, test: str, code: int, last: str, checkout: Callable[..., Path]
) -> None:
    done = run("bash", ".ci/run", cwd=checkout(lint, test))
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == last


def test_without_root_and_sudo_a_sentence_says_what_to_run(tmp_path: Path) -> None:
    for name, body in {"id": "echo 1000", "apt-get": "exit 9"}.items():
        tool = tmp_path / name
        tool.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
        tool.chmod(0o755)
    bash = shutil.which("bash")
    assert bash
    done = run(bash, ".ci/apt", "chromium", PATH=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr == (
        "shoplint: not root and no sudo here; please run as root: "
        "apt-get install --yes --no-install-recommends chromium\n"
    )


# The set-up, with stand-ins for what it calls


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout whose Python only notes how it was called, and finds a browser once a package brought one."""
    shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
    (tmp_path / "pyproject.toml").write_text("first", "utf-8")
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "__init__.py").touch()
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(
        """#!/bin/sh
        case "$*" in
        *find_browser.py) echo find >>calls; [ -e chromium ] && echo "$PWD/chromium" ;;
        "-m playwright install "*) echo download >>calls; exit 1 ;;
        "-m pip "*) echo "pip ${*##* }" >>calls ;;
        esac
        """,
        "utf-8",
    )
    apt = "#!/bin/sh\necho apt $1 >>calls; : >chromium; chmod +x chromium\n"
    (tmp_path / ".ci" / "apt").write_text(apt, "utf-8")
    python.chmod(0o755)
    return tmp_path


def calls(project: Path, *command: str) -> list[str]:
    """What a set-up command did: each call of a stand-in."""
    note = project / "calls"
    note.write_text("", "utf-8")
    done = run(*command, cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    return note.read_text("utf-8").splitlines()


def test_packages_are_installed_once(bare: Path) -> None:
    assert calls(bare, ".ci/venv", "run") == ["pip ."]
    assert calls(bare, ".ci/venv", "run") == []
    assert calls(bare, ".ci/venv", "dev") == ["pip .[dev]"]
    assert calls(bare, ".ci/venv", "dev") == []
    assert calls(bare, ".ci/venv", "run") == [], "what the tests need includes what the command needs"


def test_packages_are_installed_again_when_the_project_asks_for_others(bare: Path) -> None:
    calls(bare, ".ci/venv", "run")
    (bare / "pyproject.toml").write_text("second", "utf-8")
    assert calls(bare, ".ci/venv", "run") == ["pip ."]


def test_a_browser_is_found_before_one_is_installed(bare: Path) -> None:
    (bare / "chromium").touch(0o755)
    assert calls(bare, ".ci/browser") == ["find"]
    assert calls(bare, ".ci/browser") == []


def test_a_missing_browser_comes_from_the_download_or_else_the_distribution(bare: Path) -> None:
    assert calls(bare, ".ci/browser") == ["find", "download", "apt chromium-headless-shell", "find"]
    (bare / "chromium").unlink()
    assert calls(bare, ".ci/browser")[0] == "find", "a browser that is gone is looked for again"


# The tests themselves


def test_the_network_is_out_of_reach() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"tried to reach 'example\.com'"):
        socket.create_connection(("example.com", 80), timeout=1)
    with pytest.raises(pytest.fail.Exception, match=r"tried to reach '192\.0\.2\.1'"), socket.socket() as client:
        client.connect(("192.0.2.1", 80))


def test_this_machine_is_within_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5):
        pass


def test_a_recording_is_found_by_its_name(recording: Callable[[str], Path]) -> None:
    assert (recording("northwind") / "capture.json").is_file()
    assert recording("exports/orders_zh.xlsx").is_file()
    with pytest.raises(AssertionError, match="there are"):
        recording("nowhere")
