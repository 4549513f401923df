#pragma once

#include <signal.h>
#include <sys/types.h>
#include <sys/prctl.h>

// prctl(2) is variadic, which Swift cannot call.
static inline int shim_end_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL); }

// pipe2(2) is declared for _GNU_SOURCE only, which Swift's module of the C library does not set.
int pipe2(int ends[2], int flags);

/// A pipe whose ends are closed in every program that is started. `ends` has room for two.
static inline int shim_pipe(int *ends) { return pipe2(ends, 02000000); }
