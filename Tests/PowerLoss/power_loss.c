// Preloaded into a program, it remembers what the program has written to the database, its log and keys.state and not
// synced yet, so that the storm can take it back after a kill, as the loss of power would. It also plays a full disk.
//
// POWER_LOSS_DIR: where FILE.undo stands for each of the files. While a file `swallow` is there, syncs forget nothing, as
// if there were none; while `full` is there, no file grows.
#define _GNU_SOURCE
#include "power_loss.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 4
#define DESCRIPTORS 65536

static const char *const names[FILES] = {"", "gatepost.db", "gatepost.db-wal", "keys.state.new"};
enum { none, database, journal, draft };

static unsigned char file_of[DESCRIPTORS];
static int undo[FILES] = {-1, -1, -1, -1};
static int renames = -1;
static struct stat renames_folder;
static int draft_is_synced = 1;
static long long freed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static const char *folder(void) { return getenv("POWER_LOSS_DIR"); }

static int is_there(const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder(), name);
    return access(path, F_OK) == 0;
}

static int open_log(const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.undo", folder(), name);
    return REAL(open64)(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int file_at(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    for (int file = 1; file < FILES; file++)
        if (strcmp(name, names[file]) == 0) return file;
    return none;
}

static int file_behind(int fd) { return fd >= 0 && fd < DESCRIPTORS && folder() ? file_of[fd] : none; }

static uint64_t size_of(int fd) {
    struct stat facts;
    return fstat(fd, &facts) == 0 ? (uint64_t)facts.st_size : 0;
}

/// Writes the record in one call: what a kill leaves of it is at the end and was not done.
static void remember(int log, uint32_t kind, uint64_t offset, uint64_t old_size, const void *old, size_t old_count,
                     const void *new, size_t new_count) {
    struct power_loss_record record = {power_loss_magic, kind, offset, old_size, (uint32_t)old_count, (uint32_t)new_count};
    struct iovec parts[3] = {{&record, sizeof record}, {(void *)old, old_count}, {(void *)new, new_count}};
    if (writev(log, parts, 3) < 0) abort();
}

/// Remembers the bytes from an offset to the end, which are cut off.
static void remember_cut(int file, int fd, uint64_t size) {
    uint64_t before = size_of(fd);
    size_t count = before > size ? (size_t)(before - size) : 0;
    char *old = malloc(count + 1);
    int copy = -1;
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (count) copy = REAL(open64)(path, O_RDONLY | O_CLOEXEC);
    ssize_t read = count ? pread64(copy, old, count, (off64_t)size) : 0;
    if (copy >= 0) REAL(close)(copy);
    if (read < 0 || (size_t)read != count) abort();
    remember(undo[file], power_loss_cut, size, before, old, count, NULL, 0);
    free(old);
}

/// Whether a file may grow by so much.
static int has_room(uint64_t more) {
    if (more == 0 || !is_there("full")) return 1;
    if (freed < (long long)more) {
        errno = ENOSPC;
        return 0;
    }
    freed -= (long long)more;
    return 1;
}

/// Remembers a write, or refuses it on a full disk.
static int prepare(int file, int fd, const void *bytes, size_t count, uint64_t offset) {
    uint64_t size = size_of(fd);
    if (file != draft && !has_room(offset + count > size ? offset + count - size : 0)) return 0;
    if (file == draft) {
        draft_is_synced = 0;
        return 1;
    }
    char *old = malloc(count + 1);
    ssize_t read = offset < size ? pread64(fd, old, count, (off64_t)offset) : 0;
    if (read < 0) abort();
    remember(undo[file], power_loss_write, offset, size, old, (size_t)read, bytes, count);
    free(old);
    return 1;
}

// MARK: What is intercepted

static int opened(int fd, const char *path) {
    if (fd < 0 || fd >= DESCRIPTORS || !folder()) return fd;
    int file = file_at(path);
    pthread_mutex_lock(&lock);
    file_of[fd] = (unsigned char)file;
    if (file && undo[file] < 0) undo[file] = open_log(names[file]);
    pthread_mutex_unlock(&lock);
    return fd;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        return opened(REAL(name)(path, flags, mode), path); \
    }
OPEN(open)
OPEN(open64)

int close(int fd) {
    if (fd >= 0 && fd < DESCRIPTORS) file_of[fd] = none;
    return REAL(close)(fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    int file = file_behind(fd);
    if (!file) return REAL(pwrite64)(fd, bytes, count, offset);
    pthread_mutex_lock(&lock);
    ssize_t written = prepare(file, fd, bytes, count, (uint64_t)offset) ? REAL(pwrite64)(fd, bytes, count, offset) : -1;
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) { return pwrite64(fd, bytes, count, offset); }

ssize_t write(int fd, const void *bytes, size_t count) {
    int file = file_behind(fd);
    if (!file) return REAL(write)(fd, bytes, count);
    pthread_mutex_lock(&lock);
    uint64_t offset = (uint64_t)lseek64(fd, 0, SEEK_CUR);
    ssize_t written = prepare(file, fd, bytes, count, offset) ? REAL(write)(fd, bytes, count) : -1;
    pthread_mutex_unlock(&lock);
    return written;
}

int ftruncate64(int fd, off64_t size) {
    int file = file_behind(fd);
    if (!file || file == draft) return REAL(ftruncate64)(fd, size);
    pthread_mutex_lock(&lock);
    remember_cut(file, fd, (uint64_t)size);
    int result = REAL(ftruncate64)(fd, size);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

/// After a sync nothing of the file can be lost; after that of a folder no new name in it.
static int synced(int fd, int result) {
    if (result != 0 || !folder() || is_there("swallow")) return result;
    int file = file_behind(fd);
    struct stat facts;
    pthread_mutex_lock(&lock);
    if (file == draft) draft_is_synced = 1;
    int is_folder = !file && renames >= 0 && fstat(fd, &facts) == 0 && facts.st_ino == renames_folder.st_ino
        && facts.st_dev == renames_folder.st_dev;
    int log = is_folder ? renames : undo[file];
    if (log >= 0 && REAL(ftruncate64)(log, 0) != 0) abort();
    pthread_mutex_unlock(&lock);
    return result;
}

int fsync(int fd) { return synced(fd, REAL(fsync)(fd)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)(fd)); }

int rename(const char *old, const char *new) {
    if (!folder() || file_at(old) != draft) return REAL(rename)(old, new);
    char before[256], after[256], parent[4096];
    snprintf(parent, sizeof parent, "%.*s", (int)(strrchr(new, '/') ? strrchr(new, '/') - new : 0), new);
    pthread_mutex_lock(&lock);
    if (renames < 0) renames = open_log("keys.state");
    if (stat(*parent ? parent : ".", &renames_folder) != 0) abort();
    int was = REAL(open64)(new, O_RDONLY | O_CLOEXEC), is = REAL(open64)(old, O_RDONLY | O_CLOEXEC);
    ssize_t count = was >= 0 ? pread64(was, before, sizeof before, 0) : 0, others = pread64(is, after, sizeof after, 0);
    if (was >= 0) REAL(close)(was);
    REAL(close)(is);
    if (count < 0 || others < 0) abort();
    remember(renames, power_loss_rename, (uint64_t)draft_is_synced, was >= 0, before, (size_t)count, after, (size_t)others);
    int result = REAL(rename)(old, new);
    pthread_mutex_unlock(&lock);
    return result;
}

/// A log that is unlinked after the database was closed holds nothing that is not synced elsewhere.
int unlink(const char *path) {
    struct stat facts;
    int file = folder() ? file_at(path) : none;
    int is_known = stat(path, &facts) == 0;
    int result = REAL(unlink)(path);
    if (!folder() || result != 0) return result;
    pthread_mutex_lock(&lock);
    if (file && undo[file] >= 0 && REAL(ftruncate64)(undo[file], 0) != 0) abort();
    const char *end = strrchr(path, '.');
    if (is_known && end && strcmp(end, ".reserve") == 0) freed += facts.st_size;
    pthread_mutex_unlock(&lock);
    return result;
}

int posix_fallocate64(int fd, off64_t offset, off64_t count) {
    if (folder() && is_there("full")) return ENOSPC;
    return REAL(posix_fallocate64)(fd, offset, count);
}

int posix_fallocate(int fd, off_t offset, off_t count) { return posix_fallocate64(fd, offset, count); }
