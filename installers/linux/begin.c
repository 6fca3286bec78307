/* gongji, on Linux: reads ahead what the program begins with, and becomes the program, gongji-program beside it.

Python itself and the archive lie in large files of which the system would fetch page after page as they are asked for, each
of them a wait of its own on a slow disk. Here they are read in one go before anything asks. `_internal/start.txt` says what:
in each line the byte to begin with, the length in bytes, and the place (installers/pyinstaller/start.py). The file that is
named first is read before the program starts, for it cannot start without; everything else is read beside it. Nothing depends
on it: a place that is missing is passed over, and whoever wants it will say what is wrong with it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIECE (1 << 21)

static char piece[PIECE];
static char told[1 << 18]; /* the list: some hundred lines */

struct part {
    const char *place;
    long first, left;
};

/* Take the next line from the list; return 0 at its end. */
static int next_part(char **list, struct part *part)
{
    char *line = strsep(list, "\n"), *behind;
    if (!line || !*line)
        return 0;
    part->first = strtol(line, &behind, 10);
    part->left = strtol(behind, &behind, 10);
    part->place = behind + (*behind == ' ');
    return 1;
}

/* Read a part of a file in a folder and let it go: it is in memory then. */
static void read_part(int folder, struct part part)
{
    int file = openat(folder, part.place, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    posix_fadvise(file, 0, 0, POSIX_FADV_RANDOM); /* nothing but what is asked for, and that in one go */
    while (part.left > 0) {
        ssize_t came = pread(file, piece, part.left < PIECE ? (size_t)part.left : PIECE, part.first);
        if (came <= 0)
            break;
        part.first += came;
        part.left -= came;
    }
    close(file);
}

/* Read the file that the list names first, and have a process of its own read the others. */
static void read_ahead(const char *program)
{
    int folder = open(program, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int file = openat(folder, "_internal/start.txt", O_RDONLY | O_CLOEXEC);
    char *list = told;
    const char *at_once;
    struct part part;
    pid_t child;
    int more;
    if (file < 0 || read(file, told, sizeof told - 1) <= 0 || !next_part(&list, &part))
        return;
    at_once = part.place;
    do {
        read_part(folder, part);
        more = next_part(&list, &part);
    } while (more && !strcmp(part.place, at_once));
    child = fork();
    if (child == 0) { /* the child of a child that has ended: the system clears it away */
        if (fork() == 0) {
            for (int one = 0; one < 3; one++)
                close(one); /* who reads what the program says does not wait for this one */
            for (; more; more = next_part(&list, &part))
                read_part(folder, part);
        }
        _exit(0);
    }
    if (child > 0)
        waitpid(child, NULL, 0);
    setenv("GONGJI_READ_AHEAD", "1", 1); /* installers/pyinstaller/read_ahead.py has nothing left to do */
}

int main(int count, char **words)
{
    char program[PATH_MAX + sizeof "/gongji-program"];
    ssize_t length = readlink("/proc/self/exe", program, PATH_MAX - 1);
    char *name;
    (void)count;
    program[length < 0 ? 0 : length] = 0;
    if (!(name = strrchr(program, '/'))) {
        fputs("gongji：/proc 读不到，程序不知道自己在哪里\n", stderr);
        return 127;
    }
    *name = 0;
    if (!words[0] || !words[1] || !strcmp(words[1], "window") || !strcmp(words[1], "--practice"))
        read_ahead(program);
    strcpy(name, "/gongji-program");
    execv(program, words);
    fprintf(stderr, "gongji：%s 启动不了（%s），请重新安装\n", program, strerror(errno));
    return 127;
}
