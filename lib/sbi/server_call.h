/* SPDX-License-Identifier: BSD-2-Clause */
/* What the extensions share: answers, harts and their states, the guest's memory. */
#ifndef LIB_SBI_SERVER_CALL_H
#define LIB_SBI_SERVER_CALL_H

#include <hvrv/sbi/server.h>

/* The members of an extension that are about its rows. */
#define HVRV_SBI_ROWS(functions) (functions), sizeof(functions) / sizeof((functions)[0]), 0

/* Extensions below are legacy ones. */
#define HVRV_SBI_LEGACY_END 16

/* The VM's hart of a number, or null. */
struct hvrv_sbi_hart *hvrv_sbi_find_hart(const struct hvrv_sbi *sbi, uint64_t id);

/* Every hart that the set names is there. */
bool hvrv_sbi_set_is_valid(const struct hvrv_sbi *sbi, const struct hvrv_sbi_set *set);

/* What moves a hart from one state to another. */
enum hvrv_sbi_event {
    HVRV_SBI_EVENT_START,   /* hart_start for it */
    HVRV_SBI_EVENT_STOP,    /* its own hart_stop */
    HVRV_SBI_EVENT_SUSPEND, /* its own hart_suspend or system_suspend */
    HVRV_SBI_EVENT_REST,    /* its registers are in memory */
    HVRV_SBI_EVENT_WAKE,    /* it is about to run */
    HVRV_SBI_EVENT_COUNT,
};

/* Moves the hart by one edge; false if its state has none for the event, or changed meanwhile. */
bool hvrv_sbi_move(struct hvrv_sbi_hart *hart, enum hvrv_sbi_event event);

/* Where and with what a hart begins. */
struct hvrv_sbi_entry {
    uint64_t address; /* a GPA */
    uint64_t opaque;  /* for a1 */
};

/* The registers that a hart begins with; the others stay. */
void hvrv_sbi_set_entry(struct hvrv_sbi_hart *hart, const struct hvrv_sbi_entry *entry);

/* The access to a byte at the GPA would reach memory of the guest. */
bool hvrv_sbi_is_memory(const struct hvrv_sbi *sbi, hvrv_gpa gpa, enum hvrv_access access);

/* A hart may begin there. */
bool hvrv_sbi_is_entry(const struct hvrv_sbi *sbi, const struct hvrv_sbi_entry *entry);

/* Addresses of a remote fence as the guest gives them. */
struct hvrv_sbi_span {
    uint64_t start; /* a GVA */
    uint64_t size;  /* bytes */
};

/* Those in whole pages, or all; false if they wrap. */
bool hvrv_sbi_set_range(struct hvrv_sbi_fence *fence, const struct hvrv_sbi_span *span);

/* What legacy calls do too: the checks, apart from the range, and the work. */
enum hvrv_sbi_error hvrv_sbi_send_ipi(const struct hvrv_sbi *sbi, const struct hvrv_sbi_hart *from,
                                      const struct hvrv_sbi_set *set);
enum hvrv_sbi_error hvrv_sbi_remote_fence(const struct hvrv_sbi *sbi,
                                          const struct hvrv_sbi_fence *fence);

/* Whether the byte in a0 was taken, and is the call's answer *error. */
bool hvrv_sbi_write_byte(const struct hvrv_sbi *sbi, const struct hvrv_sbi_hart *hart,
                         enum hvrv_sbi_error *error);

#endif
