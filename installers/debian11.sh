#!/bin/bash
# A Debian 11 root (glibc 2.31) with its own Python 3.11 in /opt/python, so that what is frozen in it also starts on older systems.
# Usage, as root: debian11.sh ROOT MIRROR. Made anew (2 to 10 minutes) until a last line in ROOT says that it is whole.
# Debian 11 has no Python 3.11: it is built from Debian 12's source package, which apt checks against Debian's signatures.
set -euo pipefail
root=$1 mirror=$2
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

# What CPython wants, then what Qt opens: a library that is not here cannot go into the bundle.
build="build-essential pkg-config zlib1g-dev libssl-dev libffi-dev libbz2-dev liblzma-dev binutils ca-certificates"
qt="libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-image0
    libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 libwayland-client0 libwayland-cursor0 libwayland-egl1"

rm -rf "$root"
debootstrap --variant=minbase bullseye "$root" "$mirror"
cat /etc/resolv.conf > "$root/etc/resolv.conf"
echo "deb-src $mirror bookworm main" > "$root/etc/apt/sources.list.d/source.list"

cat > "$root/opt/build.sh" <<BUILD
set -euo pipefail
mountpoint -q /proc || mount -t proc proc /proc
apt-get update -q
apt-get install -y -q --no-install-recommends $(echo $build $qt)
rm -rf /opt/cpython && mkdir /opt/cpython && cd /opt/cpython
apt-get source --download-only -q python3.11
tar xf python3.11_*.orig.tar.*z --strip-components=1
# Shared, for PyInstaller wants libpython; without the profile run, which would take half an hour more.
./configure -q --prefix=/opt/python --enable-shared --without-static-libpython --disable-test-modules \
    LDFLAGS="-Wl,-rpath,/opt/python/lib"
make -s -j2
make -s install
cd / && rm -rf /opt/cpython && apt-get clean
BUILD
# A mount namespace of its own: nothing stays mounted, however this ends.
unshare --mount --pid --fork --kill-child chroot "$root" bash /opt/build.sh
"$(command -v chroot)" "$root" /opt/python/bin/python3.11 -c 'import ssl, lzma, ctypes, sys; print(sys.version)'
date -u +%F > "$root/whole"
