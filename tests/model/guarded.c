/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE /* memfd_create */
#include "model/guarded.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void expect(int done, const char *what)
{
    if (done)
        return;
    perror(what);
    abort();
}

void guarded_init(struct guarded *guarded, uint64_t size)
{
    guarded->size = size;
    guarded->file = memfd_create("guarded", 0);
    expect(guarded->file >= 0, "memfd_create");
    expect(ftruncate(guarded->file, (off_t)size) == 0, "ftruncate");
    guarded->words = guarded_window(guarded, size);
}

uint64_t *guarded_window(const struct guarded *guarded, uint64_t size)
{
    int nothing = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void *room = mmap(NULL, guarded->size, PROT_NONE, nothing, -1, 0);

    expect(room != MAP_FAILED, "mmap");
    room = mmap(room, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, guarded->file, 0);
    expect(room != MAP_FAILED, "mmap");
    return room;
}

void guarded_clear(struct guarded *guarded)
{
    expect(ftruncate(guarded->file, 0) == 0, "ftruncate");
    expect(ftruncate(guarded->file, (off_t)guarded->size) == 0, "ftruncate");
}
