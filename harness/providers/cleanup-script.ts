/**
 * Removes everything that a lease names. A shell script, because it must outlive the harness and cost nothing while it waits.
 * The same script runs as the watchdog of a living harness and for what `sweep` finds.
 *
 * Arguments: lease file, container name or `-`, address of the container engine or `-`, then the folders.
 * It waits for the end of its standard input; a line `release` there means that nothing is left to do, a line `settled` that the engine
 * has answered everything that it was asked, so that no container appears later.
 * Processes are found by the folder they work in, never by a number written down earlier, which may belong to somebody else by now.
 * The lease goes last, and only after everything else is gone: what fails here is left for the next sweep.
 */
export const CLEANUP_SCRIPT = `
trap '' HUP INT TERM QUIT PIPE
lease=$1 container=$2 engine=$3
shift 3
patience=24
while read -r word; do
  if [ "$word" = release ]; then exit 0; fi
  if [ "$word" = settled ]; then patience=1; fi
done

processes_in() {
  if [ -d /proc/1 ]; then
    ls -l /proc/[0-9]*/cwd 2>/dev/null | grep -F -- " -> $1" | sed 's|.*/proc/\\([0-9]*\\)/cwd -> .*|\\1|' | while read -r pid; do
      case "$(readlink "/proc/$pid/exe" 2>/dev/null)" in
        */postgres | */initdb | */node | */postgres\\ * | */initdb\\ * | */node\\ *) echo "$pid" ;;
      esac
    done
  else
    ps -axo pid=,command= | grep -F -- "$1" | grep -E '^ *[0-9]+ [^ ]*/(postgres|initdb) ' | sed 's/^ *\\([0-9]*\\) .*/\\1/'
  fi
}

remove_folder() {
  segment=$(sed -n 7p "$1/data/postmaster.pid" 2>/dev/null)
  # initdb before 16 puts segments into /dev/shm, and keeps them if it is killed: they are in the memory maps of its processes.
  segments=
  for pid in $(processes_in "$1"); do
    segments="$segments $(sed -n 's|.* \\(/dev/shm/PostgreSQL\\.[0-9]*\\)$|\\1|p' "/proc/$pid/maps" 2>/dev/null | sort -u)"
  done
  signal=QUIT
  round=0
  while [ $round -lt 100 ]; do
    pids=$(processes_in "$1")
    if [ -z "$pids" ]; then break; fi
    kill -$signal $pids 2>/dev/null
    round=$((round + 1))
    if [ $round -ge 20 ]; then signal=KILL; fi
    sleep 0.05
  done
  # A server that was killed outright leaves its shared memory segment: the one with the recorded key and number that nobody is attached to.
  if [ -n "$segment" ] && [ -r /proc/sysvipc/shm ]; then
    awk -v wanted="$segment" 'BEGIN { split(wanted, w, " ") } $1 == w[1] && $2 == w[2] && $7 == 0 { print $2 }' /proc/sysvipc/shm |
      while read -r number; do ipcrm -m "$number" 2>/dev/null; done
  fi
  if [ -n "$segments" ]; then rm -f -- $segments; fi
  rm -rf -- "$1" 2>/dev/null || { sleep 0.2; rm -rf -- "$1" 2>/dev/null; }
}

# Tells of one look for the container, and removes it where it is there: removed, absent, or unknown where nobody answers.
strike_container() {
  if [ "$engine" != - ]; then DOCKER_HOST=$engine; export DOCKER_HOST; fi
  case "$engine" in
    unix://*)
      status=$(curl -s -m 20 -o /dev/null -w '%{http_code}' -X DELETE --unix-socket "\${engine#unix://}" "http://engine/containers/$container?force=true&v=true" 2>/dev/null)
      case "$status" in
        204) echo removed; return ;;
        404) echo absent; return ;;
      esac
      ;;
  esac
  # Podman answers for its own containers only, so it is no witness where Docker is the client.
  client=docker
  command -v docker >/dev/null 2>&1 || client=podman
  if ! there=$($client ps -aq --filter "name=^/*$container$" 2>/dev/null); then echo unknown; return; fi
  if [ -z "$there" ]; then echo absent; return; fi
  $client rm -f -v "$container" >/dev/null 2>&1
  echo removed
}

# An engine that was asked to make a container makes it, even if whoever asked is gone, and a busy one takes its time: what was not seen yet is
# looked for again until it has been absent for long enough. What was removed is not made again.
remove_container() {
  was_seen=0
  absent=0
  round=0
  while [ $round -lt 80 ]; do
    round=$((round + 1))
    case "$(strike_container)" in
      removed) was_seen=1 ;;
      absent)
        absent=$((absent + 1))
        if [ $was_seen = 1 ] || [ $absent -ge $patience ]; then return 0; fi
        ;;
    esac
    sleep 0.25
  done
  return 1
}

left=0
for folder do
  if [ -e "$folder" ]; then remove_folder "$folder"; fi
  if [ -e "$folder" ]; then left=1; fi
done
if [ "$container" != - ]; then
  remove_container || left=1
fi
if [ $left = 0 ]; then rm -f -- "$lease"; fi
exit $left
`;
