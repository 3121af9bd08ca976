/*
 * What the one-file binary does before PyInstaller's bootloader unpacks it: it looks whether this machine can run it at
 * all, finds a temporary folder that has the room and lets programs run, and removes what starts that were killed have
 * left behind there. Whatever does not hold is told in a sentence.
 *
 * Compiled together with PyInstaller's own sources, which stay as they are: build.py has them call the functions with
 * names of ours, and leaves out pyi_global_posix.c, whose three functions for messages are at the end of this file.
 *
 * A folder is ours when it belongs to this user, nobody else may write to it, and the marker in it says so. It is in
 * use while somebody holds the lock on the marker: the process that unpacked it and its child, which inherits the open
 * file. The kernel lets go of it with the last of them, however they end.
 */

#define _GNU_SOURCE

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "pyi_archive.h"
#include "pyi_global.h"
#include "pyi_launch.h"
#include "pyi_main.h"
#include "pyi_utils.h"

#define MARKER ".duty-teller"
#define MARKED "unpacked by duty-teller\n"
#define PREFIX "_MEI"
/* An option of the archive (duty_teller.spec): the glibc that what is packed needs. */
#define GLIBC_OPTION "pyi-duty-teller-glibc "
#define BLOCK 4096ULL
#define MIB (1024ULL * 1024ULL)

/* As in duty_teller/utils/exit_codes.py: a restart may help, a restart does not. */
#define EXIT_TEMPORARY 75
#define EXIT_CONFIGURATION 78

/* While files are unpacked: why it failed, instead of PyInstaller's words. */
static bool is_unpacking;
static int unpacking_error;

/* What was wrong with each folder that was tried, a line each. */
static char reasons[4096];
static bool is_short_of_room;


static void
give_reason(const char *folder, const char *reason)
{
    size_t used = strlen(reasons);

    snprintf(reasons + used, sizeof(reasons) - used, "  %s: %s\n", folder, reason);
}

static void
refuse(unsigned long long needed)
{
    fprintf(
        stderr,
        "duty-teller cannot start. It unpacks itself into a temporary folder (%llu MiB, for as long as it runs), and found none that will do:\n"
        "%s"
        "Free some room, or name a folder that has it and lets programs run: TMPDIR=/path/to/folder duty-teller ...\n"
        "(for the service: systemctl edit duty-teller, with the lines [Service] and Environment=TMPDIR=/path/to/folder).\n"
        "The Debian package unpacks nothing and needs no such folder.\n",
        (needed + MIB - 1) / MIB, reasons
    );
    exit(is_short_of_room ? EXIT_TEMPORARY : EXIT_CONFIGURATION);
}

/* Ends the program where the system's glibc is older than what is packed. */
static void
check_glibc(const struct ARCHIVE *archive)
{
    const struct TOC_ENTRY *entry;
    const char *found = gnu_get_libc_version();
    int major, minor, needed_major, needed_minor;

    for (entry = archive->toc; entry < archive->toc_end; entry = pyi_archive_next_toc_entry(archive, entry)) {
        const char *needed = entry->name + sizeof(GLIBC_OPTION) - 1;

        if (entry->typecode != ARCHIVE_ITEM_RUNTIME_OPTION || strncmp(entry->name, GLIBC_OPTION, sizeof(GLIBC_OPTION) - 1) != 0) {
            continue;
        }
        if (sscanf(found, "%d.%d", &major, &minor) != 2 || sscanf(needed, "%d.%d", &needed_major, &needed_minor) != 2) {
            continue;
        }
        if (major > needed_major || (major == needed_major && minor >= needed_minor)) {
            continue;
        }
        fprintf(
            stderr,
            "duty-teller cannot start: this binary needs glibc %s or newer, and this system has %s.\n"
            "Use a newer system (Debian 12, Ubuntu 24.04, or newer), the container, or the wheel with Python 3.11 or newer.\n",
            needed, found
        );
        exit(EXIT_CONFIGURATION);
    }
}

/* How many bytes and files are unpacked, counted as a file system does: in whole blocks. */
static void
measure(const struct ARCHIVE *archive, unsigned long long *bytes, unsigned long long *files)
{
    const struct TOC_ENTRY *entry;

    *bytes = MIB; /* folders, and what a file system needs besides */
    *files = 0;
    for (entry = archive->toc; entry < archive->toc_end; entry = pyi_archive_next_toc_entry(archive, entry)) {
        switch (entry->typecode) {
            case ARCHIVE_ITEM_BINARY:
            case ARCHIVE_ITEM_DATA:
            case ARCHIVE_ITEM_ZIPFILE:
            case ARCHIVE_ITEM_SYMLINK:
                *bytes += (entry->uncompressed_length + BLOCK - 1) / BLOCK * BLOCK;
                ++*files;
                break;
            default:
                break;
        }
    }
}

/* Opens the marker of a folder that is ours and that nobody uses any more, and locks it; -1 for any other folder. */
static int
lock_of_leftover(const char *path)
{
    char marker[PYI_PATH_MAX], text[sizeof(MARKED)];
    struct stat found;
    int lock;

    if (lstat(path, &found) < 0 || !S_ISDIR(found.st_mode) || found.st_uid != geteuid() || (found.st_mode & (S_IWGRP | S_IWOTH))) {
        return -1;
    }
    if (snprintf(marker, sizeof(marker), "%s/%s", path, MARKER) >= (int)sizeof(marker)) {
        return -1;
    }
    lock = open(marker, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (lock < 0) {
        return -1;
    }
    if (
        fstat(lock, &found) == 0 && S_ISREG(found.st_mode) && found.st_uid == geteuid() &&
        read(lock, text, sizeof(text)) == sizeof(MARKED) - 1 && memcmp(text, MARKED, sizeof(MARKED) - 1) == 0 &&
        flock(lock, LOCK_EX | LOCK_NB) == 0
    ) {
        return lock;
    }
    close(lock);
    return -1;
}

/* Removes what earlier starts of ours that were killed have left in a folder. */
static void
sweep(const char *folder)
{
    char path[PYI_PATH_MAX];
    struct dirent *entry;
    DIR *handle = opendir(folder);

    if (handle == NULL) {
        return;
    }
    while ((entry = readdir(handle)) != NULL) {
        int lock;

        if (strncmp(entry->d_name, PREFIX, sizeof(PREFIX) - 1) != 0) {
            continue;
        }
        if (snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name) >= (int)sizeof(path)) {
            continue;
        }
        lock = lock_of_leftover(path);
        if (lock >= 0) {
            pyi_recursive_rmdir(path);
            close(lock);
        }
    }
    closedir(handle);
}

/* Marks a new folder as ours and in use. Returns NULL, or what keeps programs from running there. */
static const char *
mark(const char *path, unsigned long long needed, int *lock)
{
    char marker[PYI_PATH_MAX];
    void *page;

    if (snprintf(marker, sizeof(marker), "%s/%s", path, MARKER) >= (int)sizeof(marker)) {
        return "its name is too long";
    }
    /* Not closed by exec: the child has it too. */
    *lock = open(marker, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    if (*lock < 0) {
        return strerror(errno);
    }
    /* Locked before it says whose it is: nobody takes it for a leftover in between. */
    if (flock(*lock, LOCK_SH) < 0 && errno != ENOTSUP && errno != ENOLCK) {
        return strerror(errno);
    }
    /* The kernel knows about quotas, too; where it cannot promise room, the count of free blocks has to do. */
    if (fallocate(*lock, 0, 0, needed) < 0 && (errno == ENOSPC || errno == EDQUOT)) {
        is_short_of_room = true;
        return strerror(errno);
    }
    if (ftruncate(*lock, 0) < 0 || write(*lock, MARKED, sizeof(MARKED) - 1) != sizeof(MARKED) - 1) {
        return strerror(errno);
    }
    page = mmap(NULL, sizeof(MARKED) - 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, *lock, 0);
    if (page == MAP_FAILED) {
        return errno == EPERM || errno == EACCES ? "programs may not run there (it is mounted noexec)" : strerror(errno);
    }
    munmap(page, sizeof(MARKED) - 1);
    return NULL;
}

/* Makes a folder of ours in another one, which becomes the program's; tells whether it will do. */
static bool
unpack_into(struct PYI_CONTEXT *pyi_ctx, const char *folder, unsigned long long needed, unsigned long long files)
{
    char resolved[PYI_PATH_MAX], room[80];
    char *path = pyi_ctx->application_home_dir;
    const char *reason = NULL;
    struct statvfs found;
    int lock = -1;

    if (realpath(folder, resolved) == NULL) {
        give_reason(folder, strerror(errno));
        return false;
    }
    if (snprintf(path, PYI_PATH_MAX, "%s/" PREFIX "%08xXXXXXX", strcmp(resolved, "/") ? resolved : "", getpid()) >= PYI_PATH_MAX) {
        give_reason(folder, "its name is too long");
        return false;
    }
    sweep(resolved);
    if (mkdtemp(path) == NULL) {
        is_short_of_room |= errno == ENOSPC || errno == EDQUOT;
        give_reason(folder, strerror(errno));
        return false;
    }
    if (statvfs(path, &found) == 0) {
        unsigned long long there = (unsigned long long)found.f_bavail * found.f_frsize;

        if (found.f_blocks && there < needed) {
            snprintf(room, sizeof(room), "%llu MiB free", there / MIB);
            reason = room;
        } else if (found.f_files && found.f_favail < files) {
            snprintf(room, sizeof(room), "only %llu more files fit", (unsigned long long)found.f_favail);
            reason = room;
        }
        is_short_of_room |= reason != NULL;
    }
    if (reason == NULL) {
        reason = mark(path, needed, &lock);
    }
    if (reason == NULL) {
        return true;
    }
    give_reason(folder, reason);
    pyi_recursive_rmdir(path);
    if (lock >= 0) {
        close(lock);
    }
    return false;
}

/* In place of pyi_create_temporary_application_directory, which takes the first folder that can be written. */
int
duty_teller_create_folder(struct PYI_CONTEXT *pyi_ctx)
{
    const char *folders[] = {getenv("TMPDIR"), getenv("TEMP"), getenv("TMP"), "/tmp", "/var/tmp", "/usr/tmp"};
    unsigned long long needed, files;
    size_t number, before;

    check_glibc(pyi_ctx->archive);
    measure(pyi_ctx->archive, &needed, &files);
    for (number = 0; number < sizeof(folders) / sizeof(folders[0]); ++number) {
        if (folders[number] == NULL || folders[number][0] == 0) {
            continue;
        }
        for (before = 0; before < number; ++before) {
            if (folders[before] != NULL && strcmp(folders[before], folders[number]) == 0) {
                break;
            }
        }
        /* Only few systems have /usr/tmp; nobody need hear of it. */
        if (before < number || (number == 5 && access(folders[number], F_OK) < 0)) {
            continue;
        }
        if (unpack_into(pyi_ctx, folders[number], needed, files)) {
            return 0;
        }
    }
    refuse(needed);
    return -1;
}

/* In place of pyi_launch_extract_files_from_archive, which leaves what it has unpacked when it fails. */
int
duty_teller_unpack(struct PYI_CONTEXT *pyi_ctx)
{
    unsigned long long needed, files;

    is_unpacking = true;
    errno = 0;
    if (pyi_launch_extract_files_from_archive(pyi_ctx) == 0) {
        is_unpacking = false;
        return 0;
    }
    is_unpacking = false;
    measure(pyi_ctx->archive, &needed, &files);
    pyi_recursive_rmdir(pyi_ctx->application_home_dir);
    is_short_of_room = unpacking_error == ENOSPC || unpacking_error == EDQUOT;
    if (unpacking_error == 0) {
        fprintf(
            stderr, "duty-teller cannot start: the file %s is damaged or not whole. Get it again, and compare its checksum (SHA256SUMS).\n",
            pyi_ctx->executable_filename
        );
        exit(EXIT_CONFIGURATION);
    }
    reasons[0] = 0;
    *strrchr(pyi_ctx->application_home_dir, '/') = 0;
    give_reason(pyi_ctx->application_home_dir, strerror(unpacking_error));
    refuse(needed);
    return -1;
}


/* Ends the program where its own file cannot be taken: what PyInstaller says of that names nothing that a reader knows. */
static void
check_file(void)
{
    const char *path = global_pyi_ctx->executable_filename;

    if (global_pyi_ctx->archive == NULL && path[0] != 0) {
        fprintf(
            stderr, "duty-teller cannot start: the file %s %s\n", path,
            access(path, R_OK) < 0 ? "may not be read by this user (chmod 755)." : "is damaged or not whole. Get it again, and compare its checksum (SHA256SUMS)."
        );
        exit(EXIT_CONFIGURATION);
    }
}

/* In place of pyi_global_posix.c: PyInstaller's messages, as the program's own. */
static void
tell(const char *text, va_list values)
{
    fputs("duty-teller: ", stderr);
    vfprintf(stderr, text, values);
}

void
pyi_error_message(const char *text, ...)
{
    va_list values;

    if (is_unpacking) {
        /* Not all of them come with a code, and what fails is nearly always the disk. */
        if (unpacking_error == 0 && (errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EROFS)) {
            unpacking_error = errno;
        }
        return;
    }
    check_file();
    va_start(values, text);
    tell(text, values);
    va_end(values);
}

void
pyi_warning_message(const char *text, ...)
{
    va_list values;

    va_start(values, text);
    tell(text, values);
    va_end(values);
}

void
pyi_perror_message(const char *function, int code, const char *text, ...)
{
    va_list values;

    if (is_unpacking) {
        unpacking_error = unpacking_error ? unpacking_error : code;
        return;
    }
    check_file();
    va_start(values, text);
    tell(text, values);
    va_end(values);
    fprintf(stderr, "duty-teller: %s: %s\n", function, strerror(code));
}
