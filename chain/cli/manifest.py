"""manifest.json: what a set was made from and the SHA-256 of every file in it; writing, reading, comparing."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from chain import __version__
from chain.cli.entries import OLD
from chain.cli.pack import Answers
from chain.errors import InputError, OutputError
from chain.store import Store
from queries import rules

if TYPE_CHECKING:
    from chain.cli.annual import Request
    from viz.findings import Findings

NAME = "manifest.json"
BATCH = "批量清单.json"
"""The like of a whole batch: its summaries, and the manifest of every set."""

_TOOLS = ("typst", "fonttools")
"""What sets PDF and PNG and cuts the fonts of pages: another version may give other bytes for the same drawing."""

_OPTIONS = ("profile", "top", "author", "stamp", "redact", "approval", "map_product")


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def shortened(text: str, paths: Mapping[str, str]) -> str:
    """A text in which the paths of sources have become their short names."""
    for path, short in paths.items():
        text = text.replace(path, short)
    return text


def short_names(files: Sequence[str]) -> dict[str, str]:
    """The shortest ends that tell paths apart, by path, longest path first: what is handed out says nothing of the machine.

    >>> short_names(["/a/b/企业.csv", "/a/c/企业.csv", "称号.csv"])
    {'/a/b/企业.csv': 'b/企业.csv', '/a/c/企业.csv': 'c/企业.csv', '称号.csv': '称号.csv'}
    """
    found = {}
    for file in sorted(set(files), key=lambda name: (-len(name), name)):
        parts = PurePath(file.replace("\\", "/")).parts
        for count in range(1, len(parts) + 1):
            end = "/".join(parts[-count:])
            if sum(other == end or other.replace("\\", "/").endswith(f"/{end}") for other in set(files)) == 1:
                break
        found[file] = end if parts else file
    return found


def without_paths(answers: Answers) -> Answers:
    """The answers with short names of files in place of paths, and only the sources that they rest on."""
    paths = {long: short for long, short in short_names(answers.sources["file"].dropna().tolist()).items() if long != short}
    sources = _own(answers.sources, answers.state.scope.chain["source"])

    def named(frame: Any) -> Any:
        columns = [name for name in ("file", "evidence", "certainty") if name in frame.columns] if len(frame) else []
        return frame.assign(**{name: frame[name].map(lambda text: shortened(text, paths), na_action="ignore") for name in columns})

    return replace(
        answers, gaps=named(answers.gaps), targets=named(answers.targets), makers=named(answers.makers), sources=named(sources), paths=paths)


def notes_of(store: Store, answers: Answers) -> tuple[str, ...]:
    """What answers without paths say of themselves, and where a step is still to be done."""
    from chain.cli.ask import notes_for, unlinked

    notes = notes_for(answers.state.place, answers.state.rules, store.as_of, unlinked(store))
    return tuple(shortened(plain(note), answers.paths) for note in notes)


def plain(note: str) -> str:
    """A note without the commands that it names: what is handed out is for people who never see a terminal.

    >>> plain("数据日期未注明（载入时加 --as-of）；先运行 lianpu link a.lianpu，否则结果不全。")
    '数据日期未注明；结果不全。'
    """
    return re.sub(r"先运行 lianpu [^，]*，否则|（[^（）]* --[^（）]*）", "", note)


def _own(sources: Any, chain_source: object) -> Any:
    """Sources without the files of other chains."""
    return sources[(sources["kind"] != "chain") | (sources["id"] == chain_source)]


def sources_of(store: Store, chain: str) -> Any:
    """The sources that a set of a chain rests on, under short names; what `made_from` takes."""
    held = store.tables(["sources"])["sources"]
    names = short_names(held["file"].dropna().tolist())
    return _own(held.assign(file=held["file"].map(names)), store.scope(chain).chain["source"])


def write(folder: Path, request: Request, answers: Answers, findings: Findings, written: Sequence[Path]) -> Path:
    """Write the manifest of a set."""
    from viz.files import write_whole

    state = answers.state
    held = {
        **made_from(request, answers.sources, state.scope.chain), "place_name": state.place.full_name, "as_of": answers.as_of,
        "figures": _figures(findings), "outputs": {path.name: digest(path) for path in written},
    }
    target = folder / NAME
    write_whole(target, (json.dumps(held, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8"))
    return target


def made_from(request: Request, sources: Any, chain: Mapping[str, object]) -> dict[str, Any]:
    """Program, chain, options, parameters and inputs: if these are the same, so are the files."""
    inputs = sources.sort_values("id")[["id", "file", "sheet", "kind", "as_of", "rows", "sha256"]]
    drawn = request.boundaries
    return {
        "program": f"lianpu {__version__}", "tools": {name: version(name) for name in _TOOLS},
        "chain": chain["id"], "chain_version": chain["version"], "chain_source": chain["source"],
        "place": request.place, "options": {name: getattr(request, name) for name in _OPTIONS},
        "pinned": digest(request.pin) if request.pin else None,
        "boundaries": {"file": drawn.name, "sha256": digest(drawn)} if drawn else None,
        "parameters": {name: list(value) if isinstance(value, tuple) else value for name, value in rules.parameters(request.rules).items()},
        "inputs": json.loads(inputs.to_json(orient="records", force_ascii=False)),
    }


def _figures(findings: Findings) -> dict[str, Any]:
    """The figures that a summary over many sets needs."""
    named = findings.named_gaps
    whole = findings.indicators.loc[findings.indicators["indicator"] == "链条完整度（加权）", "value"].dropna()
    return {
        "links": len(findings.products), "looks": findings.looks, "firms": findings.firms, "enterprises": findings.enterprises,
        "completeness": round(float(whole.iloc[0]), 4) if len(whole) and findings.enterprises else None, "gaps": len(named),
        "untold": len(findings.gaps) - len(named),
        "top_gaps": [f"{action} {name}" for action, name in zip(named["action"].head(3), named["name"].head(3), strict=True)],
        "strengths": findings.strengths["name"].head(3).tolist(), "leaders": findings.leaders["name"].head(3).tolist(),
        "targets": int(findings.targets["enterprise"].nunique()) if len(findings.targets) else 0,
    }


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a folder.

    Raises
    ------
    InputError
        If there is none, or it is not one of ours.
    """
    path = folder / NAME
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"目录 {folder} 里没有 {NAME}", way_out="给出 lianpu report 写出的目录") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} 读不出来：{error}", way_out="重新生成这一套文件") from error
    outputs = held.get("outputs") if isinstance(held, dict) else None
    if not isinstance(outputs, dict) or not all(isinstance(value, str) and _plain(name) for name, value in outputs.items()):
        raise InputError(f"{path} 不是链谱写的清单", way_out="重新生成这一套文件")
    return dict(held)


def write_batch(folder: Path, summaries: Sequence[str], sets: Sequence[str]) -> Path:
    """Write SHA-256 of the summaries of a batch and of the manifests of its sets, by their paths below `folder`."""
    from viz.files import write_whole

    names = [*summaries, *(f"{each}/{NAME}" for each in sets)]
    held = {"program": f"lianpu {__version__}", "files": {name: digest(folder / name) for name in sorted(names)}}
    target = folder / BATCH
    write_whole(target, (json.dumps(held, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))
    return target


def batch_faults(folder: Path) -> list[str]:
    """Which summaries and manifests of a batch are not as they were written, one line each; nothing where no list of them is there.

    Raises
    ------
    InputError
        If the list can't be read.
    """
    path = folder / BATCH
    if not path.is_file():
        return []
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        names = {str(name): str(expected) for name, expected in files.items() if all(map(_plain, str(name).split("/")))}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{path} 读不出来：{error}", way_out="重新运行生成这一批的命令") from error
    return _differing(folder, names)


def _plain(name: str) -> bool:
    """Whether a name stays inside its folder."""
    return name == PurePath(name).name and "\\" not in name and name not in ("", ".", "..")


def clear(folder: Path) -> None:
    """Remove the files of an older set, its manifest first: a folder with a manifest is always a whole set."""
    for name in (NAME, *_outputs(folder)):
        (folder / name).unlink(missing_ok=True)


def _outputs(folder: Path) -> dict[str, str]:
    """The files of the set in a folder with their digests; none where there is no set."""
    try:
        return dict(read(folder)["outputs"])
    except InputError:
        return {}


def set_aside(made: Path, folder: Path) -> list[tuple[str, str]]:
    """Copy files that the set `made` would replace or remove, and that are neither as the old set left them nor the same, into 旧版.

    Returns their names and where the copies are, relative to `folder`.
    """
    outputs = _outputs(folder)
    kept, anew = [], {path.name: digest(path) for path in made.iterdir()}
    for name in sorted({*anew, *outputs} - {NAME}):
        path = folder / name
        if path.is_file() and (mark := digest(path)) not in (outputs.get(name), anew.get(name)):
            copy = folder / OLD / f"{path.stem}（{mark[:8]}）{path.suffix}"
            copy.parent.mkdir(exist_ok=True)
            shutil.copy2(path, copy)
            kept.append((name, f"{OLD}/{copy.name}"))
    return kept


def install(made: Path, folder: Path) -> list[Path]:
    """Move a set that is whole into its folder, in place of the one there; its manifest comes last.

    Raises
    ------
    OutputError
        If a file can't be replaced, such as one that is open in a spreadsheet program.
    """
    names = [path.name for path in sorted(made.iterdir()) if path.name != NAME]
    try:
        clear(folder)
        for name in (*names, NAME):
            (made / name).replace(folder / name)
    except OSError as error:
        raise OutputError(f"写不了 {folder}：{error.strerror}", where=str(error.filename or ""),
                          way_out="关闭正在 Excel、WPS 里打开的文件，或换一个目录，再运行一次") from error
    return [folder / name for name in (*names, NAME)]


def faults(folder: Path, held: Mapping[str, Any]) -> list[str]:
    """What of a folder is not as its manifest says, one line each."""
    found = _differing(folder, held["outputs"])
    known = {NAME, OLD, *held["outputs"]}
    found += [f"多出：{path.name}" for path in sorted(folder.iterdir()) if path.name not in known and not path.name.startswith((".", "~$"))]
    return found


def _differing(folder: Path, expected: Mapping[str, str]) -> list[str]:
    """Which files are missing or have another digest than expected, one line each, by name."""
    found = []
    for name, mark in sorted(expected.items()):
        path = folder / name
        if not path.is_file():
            found.append(f"缺少：{name}")
        elif digest(path) != mark:
            found.append(f"已改动：{name}")
    return found
