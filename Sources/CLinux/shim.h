#pragma once

#include <malloc.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/timex.h>
#include <sys/vfs.h>
#include <linux/magic.h>

// prctl(2) is variadic, which Swift cannot call.
static inline int shim_end_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }

// pipe2(2) is declared for _GNU_SOURCE only, which Swift's module of the C library does not set.
int pipe2(int ends[2], int flags);
// So is this, of posix_spawn(3).
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

/// Lets this process have so many descriptors open, or as many as it may; gives back how many it may have, 0 for none known.
static inline unsigned long shim_allow_descriptors(unsigned long count) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    if (limit.rlim_cur >= count) return limit.rlim_cur;
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max < count ? limit.rlim_max : count;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

/// What the kernel knows of its clock (adjtimex(2)): TIME_ERROR where nothing synchronises it, -1 where it does not tell.
static inline int shim_clock_state(void) {
    struct timex nothing = {0};
    return adjtimex(&nothing);
}

/// A pipe whose ends are closed in every program that is started. `ends` has room for two.
static inline int shim_pipe(int *ends) { return pipe2(ends, 02000000); }

/// The columns of the terminal that a descriptor is, 0 where it is none or does not say (ioctl_tty(2), variadic).
static inline int shim_terminal_columns(int descriptor) {
    struct winsize size;
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/// Whether a path lies on a file system in memory (statfs(2)): 1 yes, 0 no, -1 where it cannot be told.
static inline int shim_is_in_memory(const char *path) {
    struct statfs facts;
    if (statfs(path, &facts) != 0) return -1;
    return facts.f_type == TMPFS_MAGIC || facts.f_type == RAMFS_MAGIC;
}
