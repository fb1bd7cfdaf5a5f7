/* SPDX-License-Identifier: BSD-2-Clause */
#include "server_call.h"

#include <hvrv/vhart/guest.h>

#define NEEDS       (HVRV_SBI_NEED_WRITE | HVRV_SBI_NEED_WALK)
#define CHUNK_BYTES 64   /* on the stack */
#define CALL_BYTES  4096 /* of one call; the guest calls again for the rest */

/* Bytes of the guest's memory. */
struct memory {
    uint64_t gpa;
    uint64_t size;
};

/*
 * The bytes that this call moves are checked, and the last of all; what lies between is when the
 * guest calls again for it. So a call takes no longer for a range that is longer.
 */
static bool is_accessible(const struct hvrv_sbi *sbi, const struct memory *memory,
                          enum hvrv_access access)
{
    uint64_t last = memory->gpa + memory->size - 1;
    uint64_t next = (memory->gpa | (HVRV_PAGE_SIZE - 1)) + 1;

    if (last < memory->gpa)
        return false;
    if (next > memory->gpa && next < last && !hvrv_sbi_is_memory(sbi, hvrv_gpa_make(next), access))
        return false;
    return hvrv_sbi_is_memory(sbi, hvrv_gpa_make(memory->gpa), access) &&
           hvrv_sbi_is_memory(sbi, hvrv_gpa_make(last), access);
}

static uint32_t next_chunk(const struct memory *memory, uint64_t done)
{
    uint64_t left = memory->size < CALL_BYTES ? memory->size : CALL_BYTES;

    left -= done;
    return (uint32_t)(left < CHUNK_BYTES ? left : CHUNK_BYTES);
}

/* Moves a chunk; bytes->done of it got through. */
typedef enum hvrv_sbi_error (*mover)(const struct hvrv_sbi *sbi, hvrv_gpa gpa,
                                     struct hvrv_sbi_bytes *bytes);

/* The caller's function; done is never more than there is. */
static enum hvrv_sbi_error console(const struct hvrv_sbi *sbi, struct hvrv_sbi_bytes *bytes,
                                   enum hvrv_sbi_error (*op)(void *, struct hvrv_sbi_bytes *))
{
    uint32_t count = bytes->count;
    enum hvrv_sbi_error error = op(sbi->context, bytes);

    if (bytes->done > count)
        bytes->done = count;
    return error;
}

static enum hvrv_sbi_error move_out(const struct hvrv_sbi *sbi, hvrv_gpa gpa,
                                    struct hvrv_sbi_bytes *bytes)
{
    struct hvrv_guest_copy copy = {.address = gpa.v, .buffer = bytes->bytes, .size = bytes->count};

    if (hvrv_guest_read(sbi->walk, &copy) != HVRV_OK || copy.faulted)
        return HVRV_SBI_ERR_INVALID_PARAM;
    return console(sbi, bytes, sbi->ops.write);
}

static enum hvrv_sbi_error move_in(const struct hvrv_sbi *sbi, hvrv_gpa gpa,
                                   struct hvrv_sbi_bytes *bytes)
{
    struct hvrv_guest_copy copy = {.address = gpa.v, .buffer = bytes->bytes};
    enum hvrv_sbi_error error = console(sbi, bytes, sbi->ops.read);

    copy.size = bytes->done;
    if (hvrv_guest_write(sbi->walk, &copy) != HVRV_OK || copy.faulted)
        error = HVRV_SBI_ERR_INVALID_PARAM;
    bytes->done = (uint32_t)copy.done;
    return error;
}

/* An error after some bytes were moved waits for the next call. */
static enum hvrv_status move(const struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                             const struct memory *memory, mover move_chunk)
{
    uint8_t buffer[CHUNK_BYTES] = {0};
    enum hvrv_sbi_error error = HVRV_SBI_SUCCESS;
    uint64_t done = 0;
    uint32_t count;

    while (error == HVRV_SBI_SUCCESS && (count = next_chunk(memory, done)) != 0) {
        struct hvrv_sbi_bytes bytes = {buffer, count, 0};
        error = move_chunk(sbi, hvrv_gpa_make(memory->gpa + done), &bytes);
        done += bytes.done;
        if (bytes.done < count)
            break;
    }
    return done != 0 ? hvrv_sbi_answer_value(hart, done) : hvrv_sbi_answer(hart, error);
}

static enum hvrv_status transfer(const struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                 enum hvrv_access access)
{
    struct memory memory = {hvrv_sbi_get_argument(hart, 1), hvrv_sbi_get_argument(hart, 0)};

    if (memory.size == 0)
        return hvrv_sbi_answer(hart, HVRV_SBI_SUCCESS);
    if (hvrv_sbi_get_argument(hart, 2) != 0 || !is_accessible(sbi, &memory, access))
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_INVALID_PARAM);
    return move(sbi, hart, &memory, access == HVRV_ACCESS_LOAD ? move_out : move_in);
}

static enum hvrv_status console_write(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                      enum hvrv_sbi_action *action)
{
    (void)action;
    return transfer(sbi, hart, HVRV_ACCESS_LOAD);
}

static enum hvrv_status console_read(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                     enum hvrv_sbi_action *action)
{
    (void)action;
    if (!sbi->ops.read)
        return hvrv_sbi_answer(hart, HVRV_SBI_ERR_DENIED);
    return transfer(sbi, hart, HVRV_ACCESS_STORE);
}

bool hvrv_sbi_write_byte(const struct hvrv_sbi *sbi, const struct hvrv_sbi_hart *hart,
                         enum hvrv_sbi_error *error)
{
    uint8_t byte = (uint8_t)hvrv_sbi_get_argument(hart, 0);
    struct hvrv_sbi_bytes bytes = {&byte, 1, 0};

    *error = sbi->ops.write(sbi->context, &bytes);
    return *error != HVRV_SBI_SUCCESS || bytes.done != 0;
}

/* The guest waits until the byte is taken: it executes its ECALL again, and can be interrupted. */
static enum hvrv_status write_byte(struct hvrv_sbi *sbi, struct hvrv_sbi_hart *hart,
                                   enum hvrv_sbi_action *action)
{
    enum hvrv_sbi_error error;

    (void)action;
    return hvrv_sbi_write_byte(sbi, hart, &error) ? hvrv_sbi_answer(hart, error) : HVRV_OK;
}

static const struct hvrv_sbi_function functions[] = {
    [HVRV_SBI_DBCN_WRITE] = {console_write, NEEDS},
    [HVRV_SBI_DBCN_READ] = {console_read, NEEDS},
    [HVRV_SBI_DBCN_WRITE_BYTE] = {write_byte, NEEDS},
};

const struct hvrv_sbi_extension hvrv_sbi_dbcn = {HVRV_SBI_DBCN, HVRV_SBI_ROWS(functions)};
