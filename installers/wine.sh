#!/bin/bash
# A Debian 13 root with wine 10 and a screen nobody sees, to build and try the Windows package in. Usage, as root: wine.sh ROOT MIRROR.
# Made once (a minute, 350 MB to fetch, 1.4 GB); the last line written into ROOT says that it is whole.
# Not Debian 12's wine 8: that lacks a DLL every Rust extension opens, and what Qt's `windows` platform asks for.
set -euo pipefail
root=$1 mirror=$2
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

rm -rf "$root"
debootstrap --variant=minbase trixie "$root" "$mirror"
cat /etc/resolv.conf > "$root/etc/resolv.conf"
chroot "$root" apt-get install -y -q --no-install-recommends wine wine64 xvfb xauth
chroot "$root" apt-get clean
chroot "$root" dpkg-query -W wine xvfb
date -u +%F > "$root/whole"
