"""Under which licences what ships may stand: a list of what is allowed, and by name those under the LGPL and other special terms."""
from __future__ import annotations

import re
from importlib.metadata import Distribution

# SPDX. They ask for their text to be passed on, and packages carry it (shipped.licences()).
ALLOWED = frozenset({
    "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "PSF-2.0", "Zlib", "OFL-1.1", "PostgreSQL", "blessing",
})  # fmt: skip
# The LGPL wants a user to be able to put another build of the library in its place: in our packages each is a file of its own beside the program.
LGPL = {"pyside6-essentials": "LGPL-3.0-only", "shiboken6": "LGPL-3.0-only", "psycopg": "LGPL-3.0-only", "psycopg-binary": "LGPL-3.0-only"}
# What wheels and the freezer bring that is no distribution: name -> (licence, what it comes with). The bootloader's GPL excepts what it starts.
WITHIN = {
    "python": ("PSF-2.0", "the interpreter"), "qt": ("LGPL-3.0-only", "pyside6-essentials"), "icu": ("Unicode-3.0", "pyside6-essentials"),
    "sqlcipher": ("BSD-3-Clause", "sqlcipher3"), "sqlite": ("blessing", "sqlcipher3"), "openssl": ("Apache-2.0", "sqlcipher3, cryptography"),
    "libsodium": ("ISC", "pynacl"), "zstd": ("BSD-3-Clause", "zstandard"), "libxml2": ("MIT", "lxml"), "libxslt": ("MIT", "lxml"),
    "noto-sans-sc": ("OFL-1.1", "resources/fonts"), "pyinstaller-bootloader": ("GPL-2.0-or-later WITH Bootloader-exception", "the freezer"),
}  # fmt: skip
# Shared libraries that a Linux wheel brings in its .libs folder, by the name before the hash.
LIBRARIES = {
    "libpq": "PostgreSQL", "libssl": "Apache-2.0", "libcrypto": "Apache-2.0", "libgssapi_krb5": "MIT", "libk5crypto": "MIT", "libkrb5": "MIT",
    "libkrb5support": "MIT", "libcom_err": "MIT", "liblber": "OLDAP-2.8", "libldap": "OLDAP-2.8", "libsasl2": "BSD-3-Clause-Attribution",
    "libkeyutils": "LGPL-2.1-or-later", "libcrypt": "LGPL-2.1-or-later",
}  # fmt: skip
# Only on systems other than the one this runs on, so that their metadata is not at hand.
ELSEWHERE = {"colorama": "BSD-3-Clause", "tzdata": "Apache-2.0"}
# Where a distribution's own words are no SPDX: read from the licence text it carries.
READ = {"jinja2": "BSD-3-Clause", "segno": "BSD-3-Clause", "olefile": "BSD-2-Clause", "sqlcipher3": "Zlib"}
SPOKEN = {
    "MIT License": "MIT", "MIT": "MIT", "ISC License": "ISC", "Apache Software License": "Apache-2.0", "Apache-2.0": "Apache-2.0",
    "BSD-3-Clause": "BSD-3-Clause",
}  # fmt: skip


def licence(name: str, installed: Distribution | None) -> str:
    """A distribution's licence as an SPDX expression; "" where nobody knows. installed: None for one of other systems."""
    if installed is None:
        return ELSEWHERE.get(name, "")
    if name in LGPL and "LGPL" in _own_words(installed):
        return LGPL[name]
    return installed.metadata.get("License-Expression") or READ.get(name) or SPOKEN.get(_own_words(installed), "")


def _own_words(installed: Distribution) -> str:
    said = installed.metadata.get("License-Expression") or installed.metadata.get("License")
    classes = [line.rpartition(" :: ")[2] for line in installed.metadata.get_all("Classifier") or [] if line.startswith("License :: OSI")]
    return str(said or next(iter(classes), ""))


def allowed(name: str, expression: str) -> bool:
    """Whether what ships may stand under it: one of the alternatives of an OR, each part of an AND; the LGPL only for those named."""
    if expression and expression in (LGPL.get(name), WITHIN.get(name, ("", ""))[0]):
        return True
    return any(all(part in ALLOWED for part in re.split(r" AND ", choice)) for choice in expression.strip("()").split(" OR "))


def libraries(installed: Distribution) -> set[str]:
    """The shared libraries of others that a wheel brings, by name."""
    files = (file for file in installed.files or [] if file.parts[0].endswith(".libs"))
    return {re.split(r"-[0-9a-f]{8}\.|\.so", file.name)[0] for file in files}
