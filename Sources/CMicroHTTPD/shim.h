#pragma once
#include <fcntl.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>

// Things that glibc shows only to _GNU_SOURCE, which a module that comes after Glibc cannot define.

extern int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

// poll(2): the peer has shut its sending side.
static const short cmhd_peer_hung_up = 0x2000;

// socket(7), SO_PEERCRED: who connected a Unix socket.
struct cmhd_credentials {
    pid_t process;
    uid_t user;
    gid_t group;
};

// Swift cannot call variadic functions; these are the calls that are needed, with their argument types.

struct cmhd_callbacks {
    void *owner;
    MHD_AccessHandlerCallback access;
    void *(*request_line)(void *owner, const char *target, struct MHD_Connection *connection);
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
};

// Leaves percent-encoding as it came: decoding in place would hide %00 and %2F from those who judge the path.
static inline size_t cmhd_keep_escapes(void *owner, struct MHD_Connection *connection, char *text) {
    (void)owner;
    (void)connection;
    return strlen(text);
}

// Shows the library no query. It would make a table of its parameters, which nobody reads, in the memory that the header
// needs, and where that does not suffice 0.9.75 neither answers nor reads on. The text is its own copy, and it parses it
// after the request line callback, from behind the first question mark to the next NUL.
static inline void cmhd_hide_query(const char *target) {
    char *mark = (char *)strchr(target, '?');
    if (mark != NULL) mark[1] = '\0';
}

// One polling thread, no listening socket: connections are handed over by MHD_add_connection.
static inline struct MHD_Daemon *cmhd_start(struct cmhd_callbacks callbacks, size_t memory_per_connection,
                                            unsigned int connection_limit, int strictness) {
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET, 0, NULL,
        NULL, callbacks.access, callbacks.owner,
        MHD_OPTION_NOTIFY_COMPLETED, callbacks.completed, callbacks.owner,
        MHD_OPTION_NOTIFY_CONNECTION, callbacks.connection, callbacks.owner,
        MHD_OPTION_URI_LOG_CALLBACK, callbacks.request_line, callbacks.owner,
        MHD_OPTION_UNESCAPE_CALLBACK, cmhd_keep_escapes, NULL,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory_per_connection,
        MHD_OPTION_CONNECTION_LIMIT, connection_limit,
        MHD_OPTION_CONNECTION_TIMEOUT, 0u,
        MHD_OPTION_STRICT_FOR_CLIENT, strictness,
        MHD_OPTION_END);
}

static inline int cmhd_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info == NULL ? -1 : info->connect_fd;
}

static inline void *cmhd_socket_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

// Octets from the method to the end of the empty line.
static inline size_t cmhd_header_size(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info == NULL ? 0 : info->header_size;
}

// open(2) is variadic, which Swift cannot call; O_TMPFILE is declared for _GNU_SOURCE only.

/// A file without a name in a folder, for reading and writing by this user alone, closed in programs that are started.
static inline int cmhd_open_nameless(const char *folder) { return open(folder, 020200000 | O_RDWR | O_CLOEXEC, 0600); }
