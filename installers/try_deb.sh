#!/bin/bash
# Inside a fresh Debian root, as root: install, prove, upgrade over the version before, keep the user's data, remove. The first thing that does not hold
# ends it with an error. Usage: try_deb.sh OLD.deb NEW.deb PORTABLE.tar.xz RESULTS BARE
set -euo pipefail
trap 'echo "    没有通过：第 $LINENO 行：$BASH_COMMAND"' ERR
old=$1 new=$2 portable=$3 out=$4 bare=$5
step() { printf '    %s\n' "$*"; }
# An everyday user's surroundings, without a console's and without a screen.
user() { su shuji -c "env -i HOME=/home/shuji LANG=C.UTF-8 GRIDAPP_PASSWORD=zijian-2026 ${DISPLAY:+DISPLAY=$DISPLAY} $*"; }
mkdir -p "$out" && chmod 777 "$out"

apt-get update -q >/dev/null
if command -v python3 >/dev/null; then echo "there is a Python here already"; exit 1; fi
apt-get install -y -q --no-install-recommends "$old" shared-mime-info desktop-file-utils >"$out/apt.log" 2>&1
[ "$(gridapp --version)" = "$(dpkg-query -Wf '${Version}' gridapp | sed 's/~before//')" ]
useradd -m shuji
user gridapp --self-test --out "$out/offscreen.json" --picture "$out/offscreen.png"
step "装上了，不用屏幕自检通过"

desktop-file-validate /usr/share/applications/gridapp.desktop
grep -q 'application/x-gridbundle:\*.gbx' /usr/share/mime/globs2
grep -q 'application/x-gridbundle=gridapp.desktop' /usr/share/applications/mimeinfo.cache
step "菜单项、图标、.gbx 文件类型都登记了"

user gridapp --data /home/shuji/data init --name 试装网格 --who 王建国 >/dev/null
user gridapp --data /home/shuji/data import /opt/gridapp/_internal/resources/sample/grid1/住户台账.xlsx >/dev/null
before=$(user gridapp --data /home/shuji/data today)
apt-get install -y -q "$new" >>"$out/apt.log" 2>&1
[ ! -e /opt/gridapp/_internal/of-the-version-before ]
user gridapp --data /home/shuji/data check >/dev/null
[ "$before" = "$(user gridapp --data /home/shuji/data today)" ]
step "从旧版升级，数据都在，旧版的文件没有留下"

apt-get install -y -q --no-install-recommends xvfb xdotool >>"$out/apt.log" 2>&1
Xvfb :7 -screen 0 1366x768x24 -noreset >/dev/null 2>&1 & screen=$!
export DISPLAY=:7
for _ in $(seq 50); do xdotool getdisplaygeometry >/dev/null 2>&1 && break; sleep 0.1; done
user gridapp --self-test --out "$out/xvfb.json" --picture "$out/xvfb.png"
grep -q 'xcb' "$out/xvfb.json"
step "在 X 屏幕上自检通过"

# Milliseconds from the command to a window on the screen, the median of seven; files are in the page cache, so a first start after booting takes longer.
start() {
    local from; from=$(date +%s%N)
    su shuji -c "env -i HOME=/home/shuji LANG=C.UTF-8 DISPLAY=$DISPLAY $2" >/dev/null 2>&1 &
    until xdotool search --onlyvisible --name "$1" >/dev/null 2>&1; do kill -0 $! || return; done
    echo $(( ($(date +%s%N) - from) / 1000000 ))
    xdotool search --onlyvisible --name "$1" windowkill
    wait $! || true
}
median() { for _ in 1 2 3 4 5 6 7; do start "$@"; done | sort -n | sed -n 4p; }
if [ -x "$bare/bare" ]; then
    ours=$(median 网格支部 /opt/gridapp/gridapp) least=$(median 空窗口 "$bare/bare")
    step "到窗口出现 $ours 毫秒；同样打包的空窗口 $least 毫秒；多 $((ours - least)) 毫秒"
fi

apt-get install -y -q --no-install-recommends xz-utils >>"$out/apt.log" 2>&1
mkdir /stick
tar xf "$portable" -C /stick
chown -R shuji /stick
cd /stick/*/
user "$PWD/gridapp" init --name 随身网格 --who 王建国 >/dev/null
[ -e 数据/store.db ]
[ ! -e /home/shuji/.local/share/gridapp/store.db ]
user "$PWD/gridapp" --self-test --offscreen --out "$out/portable.json"
cd /
step "U 盘版自检通过，数据在它旁边"
kill $screen 2>/dev/null || true

apt-get purge -y -q gridapp >>"$out/apt.log" 2>&1
# dpkg takes /opt along when nothing else is in it.
left=$(find / -xdev \( -path /home -o -path /src -o -path /stick -o -path /proc -o -path /root -o -path /tmp -o -path /var/log -o -path /var/cache \) -prune \
    -o \( -name '*gridapp*' -o -name '*gridbundle*' \) -print | head)
[ -z "$left" ] || { echo "left behind: $left"; exit 1; }
if grep -q gridbundle /usr/share/mime/globs2 /usr/share/applications/mimeinfo.cache; then echo "still registered"; exit 1; fi
[ -d /home/shuji/data ]
if command -v python3 >/dev/null; then echo "a Python came along"; exit 1; fi
step "卸载干净，用户的数据还在"
