/* SPDX-License-Identifier: BSD-2-Clause */
/**
 * @file
 * @defgroup plic PLIC
 * @brief A platform-level interrupt controller for a guest, as a state machine.
 *
 * The registers, and what they do, are those of the RISC-V PLIC Specification
 * 1.0.0. Lines come in from devices, numbered from 1; a line goes out to each
 * context, which as a rule is a vHart's VS-mode:
 *
 *     hvrv_plic_set_level(&plic, 10, HVRV_PLIC_HIGH);    a device asks
 *     hvrv_plic_is_pending(&plic, context)               the vHart's VSEIP
 *     hvrv_plic_read(), hvrv_plic_write()                the guest claims and completes
 *
 * Every line is level-triggered: its gateway makes one request of a high line,
 * and no other before the handler's completion; if the line is high by then,
 * that is the next request. A request is not taken back when its line falls.
 *
 * The state is the caller's: this struct, an element a source and one a
 * context. Nothing here takes a lock, calls back or keeps time; whoever shares
 * a PLIC among harts holds a lock of his own around each call.
 *
 * Not here: lines triggered by edges, and messages.
 * @{
 */
#ifndef HVRV_DEV_PLIC_H
#define HVRV_DEV_PLIC_H

#include <stdbool.h>
#include <stdint.h>

#include <hvrv/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Sources at most, with number 0, which is none. */
#define HVRV_PLIC_SOURCES_MAX 1024
/** Contexts at most. */
#define HVRV_PLIC_CONTEXTS_MAX 15872
/** The highest priority and threshold; both have three bits. */
#define HVRV_PLIC_PRIORITY_MAX 7
/** Bytes of the registers of a PLIC with all its contexts. */
#define HVRV_PLIC_SIZE UINT32_C(0x4000000)

/** A device's line. */
enum hvrv_plic_level {
    HVRV_PLIC_LOW,  /**< it asks for nothing */
    HVRV_PLIC_HIGH, /**< it asks for service */
};

/** A source. The caller's storage; only the PLIC writes it. */
struct hvrv_plic_source {
    uint8_t priority;   /**< 0 (never interrupts) to #HVRV_PLIC_PRIORITY_MAX */
    uint8_t is_high;    /**< the line */
    uint8_t is_claimed; /**< the gateway waits for a completion */
};

/** A context. The caller's storage; only the PLIC writes it. */
struct hvrv_plic_context {
    uint32_t enable[HVRV_PLIC_SOURCES_MAX / 32]; /**< a bit a source */
    uint32_t threshold;                          /**< what a priority must exceed */
};

/** What a PLIC is made of. */
struct hvrv_plic_config {
    struct hvrv_plic_source *sources;   /**< source_count elements; number 0 is never used */
    uint32_t source_count;              /**< 2 to 1024: one more than the highest number */
    struct hvrv_plic_context *contexts; /**< context_count elements */
    uint32_t context_count;             /**< 1 to 15872 */
};

/** A PLIC. Made by hvrv_plic_init(). */
struct hvrv_plic {
    struct hvrv_plic_config config;               /**< the storage */
    uint32_t pending[HVRV_PLIC_SOURCES_MAX / 32]; /**< a bit a source */
    uint32_t words;                               /**< which words of pending are not 0 */
};

/**
 * @brief Makes a PLIC: all lines low, nothing enabled, priorities and thresholds 0.
 * @param[out] plic the PLIC; all zero if refused, which is a PLIC without sources.
 * @param config the storage, which is kept; its elements are cleared.
 * @retval HVRV_OK made.
 * @retval HVRV_ERR_NULL a pointer, or one in @p config, is null.
 * @retval HVRV_ERR_ARGUMENT a count is outside its values.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_plic_init(struct hvrv_plic *plic,
                                                const struct hvrv_plic_config *config);

/**
 * @brief Sets a device's line. To be called when it may have changed; again is no matter.
 *
 * The result may be dropped where the number is a constant of the board.
 * @param plic a PLIC.
 * @param source the device's number, from 1.
 * @param level the line.
 * @retval HVRV_OK set; if it is high and the gateway was idle, the source is pending.
 * @retval HVRV_ERR_NULL @p plic is null.
 * @retval HVRV_ERR_ARGUMENT there is no such source.
 */
enum hvrv_status hvrv_plic_set_level(struct hvrv_plic *plic, uint32_t source,
                                     enum hvrv_plic_level level);

/** @cond */
bool hvrv_plic_find_pending(const struct hvrv_plic *plic, uint32_t context);
/** @endcond */

/**
 * @brief A context's line: a source is pending, enabled there, and above the threshold.
 *
 * To be asked after every other call: set_level and completion raise lines,
 * claims lower them, of several contexts at once.
 * @param plic a PLIC; not null.
 * @param context its number, from 0.
 * @return true if the line is high; false also if there is no such context.
 */
static inline bool hvrv_plic_is_pending(const struct hvrv_plic *plic, uint32_t context)
{
    return plic->words != 0 && hvrv_plic_find_pending(plic, context);
}

/**
 * @brief A guest's load. Of a claim register this is a claim, which changes the PLIC.
 *
 * Reserved registers, and those of sources and contexts that are not there, read as 0.
 * @param plic a PLIC.
 * @param offset from the PLIC's first byte: a multiple of 4 below #HVRV_PLIC_SIZE.
 * @param size bytes: 4.
 * @param[out] value the register, zero-extended; 0 if refused.
 * @retval HVRV_OK read.
 * @retval HVRV_ERR_NULL a pointer is null.
 * @retval HVRV_ERR_ARGUMENT @p size is not 4: the registers are accessed by words.
 * @retval HVRV_ERR_ALIGN @p offset is no multiple of 4.
 * @retval HVRV_ERR_RANGE @p offset is #HVRV_PLIC_SIZE or more.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_plic_read(struct hvrv_plic *plic, uint64_t offset,
                                                unsigned size, uint64_t *value);

/**
 * @brief A guest's store. To a claim register this is a completion.
 *
 * A completion by a context that has not enabled the source is ignored, and so is one of a
 * source that nobody claimed. So are stores to pending bits, to reserved registers, and to
 * those of sources and contexts that are not there.
 * @param plic a PLIC.
 * @param offset from the PLIC's first byte: a multiple of 4 below #HVRV_PLIC_SIZE.
 * @param size bytes: 4.
 * @param value what is stored: bits 31:0.
 * @retval HVRV_OK written, or ignored as the specification has it.
 * @retval HVRV_ERR_NULL @p plic is null.
 * @retval HVRV_ERR_ARGUMENT @p size is not 4: the registers are accessed by words.
 * @retval HVRV_ERR_ALIGN @p offset is no multiple of 4.
 * @retval HVRV_ERR_RANGE @p offset is #HVRV_PLIC_SIZE or more.
 */
HVRV_MUST_CHECK enum hvrv_status hvrv_plic_write(struct hvrv_plic *plic, uint64_t offset,
                                                 unsigned size, uint64_t value);

#ifdef __cplusplus
}
#endif

#endif
/** @} */
