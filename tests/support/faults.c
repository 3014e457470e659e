/* A disk that fails when it is told to: preloaded, it stands before the system's own calls.

   What is written under a folder is counted, whoever writes it: Python, SQLite, GDAL, Arrow. From
   the call that is named on, as on a full or broken disk, each of these fails. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char under[PATH_MAX] = "";
static int error = 0;
static long count = 0, first = 0;
static FILE *log_file = NULL;

/* Fail with `number` from the call `at` on, of those under a folder; with 0 they are written down. */
void fault_set(const char *folder, int number, long at, const char *log_name)
{
    strncpy(under, folder, sizeof under - 1);
    error = number, first = at, count = 0;
    if (log_file) fclose(log_file);
    log_file = log_name ? fopen(log_name, "w") : NULL;
}

static int fails(const char *call, const char *path)
{
    if (!under[0] || !path || strncmp(path, under, strlen(under)) != 0) return 0;
    count++;
    if (log_file) fprintf(log_file, "%s %s\n", call, path + strlen(under)), fflush(log_file);
    if (!error || count < first) return 0;
    errno = error;
    return 1;
}

static int handle_fails(const char *call, int handle)
{
    char link[64], path[PATH_MAX];
    if (!under[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", handle);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    return fails(call, path);
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int handle, const void *from, size_t size)
{
    REAL(write);
    return handle_fails("write", handle) ? -1 : real(handle, from, size);
}

ssize_t pwrite64(int handle, const void *from, size_t size, off64_t at)
{
    REAL(pwrite64);
    return handle_fails("write", handle) ? -1 : real(handle, from, size, at);
}

ssize_t pwrite(int handle, const void *from, size_t size, off_t at)
{
    REAL(pwrite);
    return handle_fails("write", handle) ? -1 : real(handle, from, size, at);
}

int fsync(int handle)
{
    REAL(fsync);
    return handle_fails("fsync", handle) ? -1 : real(handle);
}

int fdatasync(int handle)
{
    REAL(fdatasync);
    return handle_fails("fsync", handle) ? -1 : real(handle);
}

#define OPENS(name)                                                                                \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        REAL(name);                                                                                \
        va_list more;                                                                              \
        va_start(more, flags);                                                                     \
        mode_t mode = (flags & O_CREAT) ? va_arg(more, mode_t) : 0;                                \
        va_end(more);                                                                              \
        return (flags & O_CREAT) && fails("open", path) ? -1 : real(path, flags, mode);            \
    }
OPENS(open)
OPENS(open64)

int mkdir(const char *path, mode_t mode)
{
    REAL(mkdir);
    return fails("mkdir", path) ? -1 : real(path, mode);
}

int rename(const char *from, const char *to)
{
    REAL(rename);
    return fails("rename", to) ? -1 : real(from, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned int flags)
{
    REAL(renameat2);
    return fails("rename", to) ? -1 : real(from_folder, from, to_folder, to, flags);
}
