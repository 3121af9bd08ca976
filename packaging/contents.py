"""Lists what a build has inside, as an SBOM (CycloneDX 1.6).

Every Python package with its version and licence, Python itself, the bootloader, and each library that came from the
system, with the package it belongs to.

    build/tools/bin/python packaging/contents.py build/duty_teller/contents.json dist/duty-teller dist/NAME.cdx.json

The first file is written by duty_teller.spec. The same build gives the same bytes (SOURCE_DATE_EPOCH).
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

OURS = "duty-teller"


def python_packages(sources: set[Path], sites: list[str]) -> tuple[list[Component], set[Path]]:
    """Returns the installed packages of which something is inside, and all files they consist of."""
    found: dict[str, Component] = {}
    owned: set[Path] = set()
    for package in distributions(path=sites):
        name = package.metadata["Name"].lower().replace("_", "-")
        files = {Path(str(package.locate_file(file))).resolve() for file in package.files or ()}
        if name != OURS and files & sources:
            found[name] = Component(
                name=name,
                version=package.version,
                bom_ref=f"pypi:{name}",
                purl=PackageURL("pypi", name=name, version=package.version),
                licenses=licence(package),
            )
        owned |= files
    return list(found.values()), owned


def licence(package: Distribution) -> list[object]:
    """Returns what a package says about its licence: an SPDX expression, or a name."""
    make = LicenseFactory()
    if expression := package.metadata.get("License-Expression"):
        return [make.make_from_string(expression)]
    classified = [
        value.rpartition(" :: ")[2]
        for value in package.metadata.get_all("Classifier") or ()
        if value.startswith("License :: OSI Approved :: ")
    ]
    said = package.metadata.get("License") or ""
    short = said if said and len(said) < 40 and "\n" not in said else ""
    return [make.make_from_string(name) for name in ([short] if short else classified)]


def system_library(path: Path) -> Component:
    """Returns a library that no Python package brings, with the Debian package it belongs to, where it does."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    name, version, purl = path.name, None, None
    try:
        query = ["dpkg-query", "--search", str(path), str(path).removeprefix("/usr")]
        said = subprocess.run(query, capture_output=True, text=True, check=False).stdout
        if package := said.partition(": ")[0].partition(",")[0]:
            show = ["dpkg-query", "--show", "--showformat=${Package} ${Version} ${Architecture}", package]
            name, version, arch = subprocess.run(show, capture_output=True, text=True, check=True).stdout.split()
            purl = PackageURL("deb", "debian", name, version, {"arch": arch})
    except FileNotFoundError:
        pass  # not a Debian: the file and its hash have to do
    return Component(
        name=name,
        version=version,
        bom_ref=f"library:{path.name}",
        purl=purl,
        description=f"as {path.name}",
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
    )


def main() -> int:
    """Writes it."""
    parser = argparse.ArgumentParser(prog="packaging/contents.py")
    parser.add_argument("contents", type=Path)
    parser.add_argument("program", type=Path, help="the file that is delivered")
    parser.add_argument("target", type=Path)
    given = parser.parse_args()
    inside = json.loads(given.contents.read_text())
    sources = {Path(source).resolve() for source in inside["sources"]}
    packages, owned = python_packages(sources, inside["sites"])
    python = Path(inside["stdlib"]).resolve()
    libraries = {
        path
        for path in (Path(source).resolve() for source in inside["libraries"])
        if path not in owned and not path.is_relative_to(python) and not path.name.startswith("libpython")
    }
    others = [
        Component(
            name="cpython",
            version=inside["python"],
            bom_ref="cpython",
            purl=PackageURL("generic", name="cpython", version=inside["python"]),
            licenses=[LicenseFactory().make_from_string("Python-2.0.1")],
        ),
        Component(
            name="pyinstaller",
            version=inside["pyinstaller"],
            bom_ref="pyinstaller-bootloader",
            purl=PackageURL("pypi", name="pyinstaller", version=inside["pyinstaller"]),
            description="its bootloader, with the zlib that its sources bring",
            licenses=[LicenseFactory().make_from_string("GPL-2.0-or-later WITH Bootloader-exception")],
        ),
        *(system_library(path) for path in sorted(libraries)),
    ]
    digest = hashlib.sha256(given.program.read_bytes()).hexdigest()
    bom = Bom(components=[*packages, *others], serial_number=uuid.uuid5(uuid.NAMESPACE_OID, digest))
    bom.metadata.timestamp = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "1700000000")), UTC)
    bom.metadata.component = Component(
        name=OURS,
        version=inside["version"],
        type=ComponentType.APPLICATION,
        bom_ref=OURS,
        description=given.program.name,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        licenses=[LicenseFactory().make_from_string("MIT")],
    )
    bom.register_dependency(bom.metadata.component, bom.components)
    text = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)
    given.target.write_text(text + "\n")
    print(f"{given.target}: {len(bom.components)} components")
    return 0


if __name__ == "__main__":
    sys.exit(main())
