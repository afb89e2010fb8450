#!/bin/bash
# On UOS, Kylin, or an arm64 machine: build the packages for systems like this one. Run in the checkout, as any user, with Python 3.11 to 3.13:
#     bash installers/here.sh [python3.11]
# What it needs of the system (Debian names): binutils dpkg-dev libgl1 libegl1 libxkbcommon0 libfontconfig1 libglib2.0-0 libdbus-1-3 libxcb-cursor0
# libxkbcommon-x11-0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0. See resources/packaging/国产系统打包.txt.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-python3.11}
"$python" dev.py setup
PYTHONUTF8=1 .venv/bin/python -m installers.linux --here
