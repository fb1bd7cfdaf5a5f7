/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/vhart/guest.h>

#include <stddef.h>

#include "hlvx.h"

/*
 * HLVX reports what a load would: as a fetch's, or, if it is the G-stage's, as nothing of the
 * guest's. The address is that of the fetch, whatever the hart does to addresses of loads.
 */
static bool take_trap(struct hvrv_guest_fetched *fetch, uint64_t cause, hvrv_gva address)
{
    fetch->bits = 0;
    switch (cause) {
    case HVRV_CAUSE_LOAD_PAGE_FAULT:
        fetch->exception.cause = HVRV_CAUSE_FETCH_PAGE_FAULT;
        break;
    case HVRV_CAUSE_LOAD_ACCESS:
        fetch->exception.cause = HVRV_CAUSE_FETCH_ACCESS;
        break;
    default:
        return false;
    }
    fetch->outcome = HVRV_GUEST_FAULT;
    fetch->exception.stval = address.v;
    return false;
}

static bool fetch_word(struct hvrv_hart *hart, uint64_t pc, struct hvrv_guest_fetched *fetch)
{
    uint64_t cause = hlvx_wu(hart, pc, &fetch->bits);

    return cause == 0 || take_trap(fetch, cause, hvrv_gva_make(pc));
}

/* The upper half of an instruction may lie on another page, which one of 16 bits does not touch. */
static bool fetch_halves(struct hvrv_hart *hart, uint64_t pc, struct hvrv_guest_fetched *fetch)
{
    uint32_t upper;
    uint64_t cause = hlvx_hu(hart, pc, &fetch->bits);

    if (cause != 0)
        return take_trap(fetch, cause, hvrv_gva_make(pc));
    if ((fetch->bits & 3) != 3)
        return true;
    cause = hlvx_hu(hart, pc + 2, &upper);
    if (cause != 0)
        return take_trap(fetch, cause, hvrv_gva_make(pc + 2));
    fetch->bits |= upper << 16;
    return true;
}

enum hvrv_status hvrv_guest_fetch(struct hvrv_hart *hart, hvrv_gva pc,
                                  struct hvrv_guest_fetched *fetch)
{
    bool is_there;

    if (!fetch)
        return HVRV_ERR_NULL;
    *fetch = (struct hvrv_guest_fetched){.outcome = HVRV_GUEST_RETRY};
    if (!hart)
        return HVRV_ERR_NULL;
    if (pc.v % 2 != 0)
        return HVRV_ERR_ALIGN;
    is_there = pc.v % 4 == 0 ? fetch_word(hart, pc.v, fetch) : fetch_halves(hart, pc.v, fetch);
    if (!is_there)
        return HVRV_OK;
    fetch->outcome = HVRV_GUEST_DONE;
    fetch->length = 4;
    if ((fetch->bits & 3) != 3) {
        fetch->bits &= 0xffff;
        fetch->length = 2;
    }
    return HVRV_OK;
}

/* One way of translating, and one direction. */
struct job {
    const struct hvrv_walk *walk;
    struct hvrv_guest_copy *copy;
    enum hvrv_access access;
    bool is_gva;
};

/** How often a store of less than 8 bytes is tried while others change its neighbours. */
#define TRIES 64

static uint64_t bytes_mask(unsigned first, unsigned count)
{
    uint64_t mask = count == 8 ? UINT64_MAX : (UINT64_C(1) << (count * 8)) - 1;

    return mask << (first * 8);
}

static void unpack(uint8_t *to, uint64_t word, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        to[i] = (uint8_t)(word >> (i * 8));
}

static uint64_t pack(const uint8_t *from, unsigned count)
{
    uint64_t word = 0;

    for (unsigned i = 0; i < count; i++)
        word |= (uint64_t)from[i] << (i * 8);
    return word;
}

static enum hvrv_status replace(const struct hvrv_phys *phys, hvrv_hpa hpa, uint64_t mask,
                                uint64_t bits)
{
    uint64_t word;
    enum hvrv_status status;

    if (mask == UINT64_MAX)
        return hvrv_phys_store(phys, hpa, bits);
    status = hvrv_phys_load(phys, hpa, &word);
    for (unsigned i = 0; status == HVRV_OK && i < TRIES; i++) {
        status = hvrv_phys_compare_and_swap(phys, hpa, &word, (word & ~mask) | bits);
        if (status != HVRV_ERR_RACE)
            return status;
        status = HVRV_OK;
    }
    return status == HVRV_OK ? HVRV_ERR_RACE : status;
}

/* @p count bytes that lie in 8 aligned ones. */
static enum hvrv_status move(const struct job *job, uint64_t hpa, unsigned count)
{
    const struct hvrv_phys *phys = job->walk->phys;
    uint8_t *buffer = (uint8_t *)job->copy->buffer + job->copy->done;
    unsigned first = (unsigned)(hpa % 8);
    hvrv_hpa at = hvrv_hpa_make(hpa - first);
    enum hvrv_status status;
    uint64_t word;

    if (job->access == HVRV_ACCESS_STORE)
        return replace(phys, at, bytes_mask(first, count), pack(buffer, count) << (first * 8));
    status = hvrv_phys_load(phys, at, &word);
    if (status == HVRV_OK)
        unpack(buffer, word >> (first * 8), count);
    return status;
}

static size_t lesser(uint64_t a, uint64_t b)
{
    return (size_t)(a < b ? a : b);
}

/* What is left of the copy, as far as it lies in the 2^12 bytes from @p hpa's page on. */
static enum hvrv_status move_page(const struct job *job, uint64_t hpa)
{
    struct hvrv_guest_copy *copy = job->copy;
    size_t left = lesser(copy->size - copy->done, HVRV_PAGE_SIZE - hpa % HVRV_PAGE_SIZE);

    while (left > 0) {
        size_t count = lesser(left, 8 - hpa % 8);
        enum hvrv_status status = move(job, hpa, (unsigned)count);
        if (status != HVRV_OK)
            return status;
        copy->done += count;
        hpa += count;
        left -= count;
    }
    return HVRV_OK;
}

static enum hvrv_status translate(const struct job *job, struct hvrv_walk_result *result)
{
    uint64_t address = job->copy->address + job->copy->done;
    struct hvrv_walk_request request = {
        .gva = {address}, .access = job->access, .privilege = job->copy->privilege};

    if (job->is_gva)
        return hvrv_walk_two_stage(job->walk, &request, result);
    return hvrv_walk_g_stage(job->walk, hvrv_gpa_make(address), job->access, result);
}

static enum hvrv_status check(const struct job *job)
{
    const struct hvrv_guest_copy *copy = job->copy;

    if (!copy)
        return HVRV_ERR_NULL;
    job->copy->done = 0;
    job->copy->faulted = false;
    if (!job->walk || (!copy->buffer && copy->size != 0))
        return HVRV_ERR_NULL;
    if (copy->size != 0 && copy->address + (copy->size - 1) < copy->address)
        return HVRV_ERR_RANGE;
    return HVRV_OK;
}

static enum hvrv_status run(const struct job *job)
{
    struct hvrv_guest_copy *copy = job->copy;
    struct hvrv_walk_result result;
    enum hvrv_status status = check(job);

    while (status == HVRV_OK && copy->done < copy->size) {
        status = translate(job, &result);
        if (status != HVRV_OK)
            return status;
        if (result.faulted) {
            copy->faulted = true;
            copy->fault = result.fault;
            return HVRV_OK;
        }
        status = move_page(job, result.page.hpa.v);
    }
    return status;
}

enum hvrv_status hvrv_guest_read(const struct hvrv_walk *walk, struct hvrv_guest_copy *copy)
{
    return run(&(struct job){walk, copy, HVRV_ACCESS_LOAD, false});
}

enum hvrv_status hvrv_guest_write(const struct hvrv_walk *walk, struct hvrv_guest_copy *copy)
{
    return run(&(struct job){walk, copy, HVRV_ACCESS_STORE, false});
}

enum hvrv_status hvrv_guest_read_gva(const struct hvrv_walk *walk, struct hvrv_guest_copy *copy)
{
    return run(&(struct job){walk, copy, HVRV_ACCESS_LOAD, true});
}

enum hvrv_status hvrv_guest_write_gva(const struct hvrv_walk *walk, struct hvrv_guest_copy *copy)
{
    return run(&(struct job){walk, copy, HVRV_ACCESS_STORE, true});
}
