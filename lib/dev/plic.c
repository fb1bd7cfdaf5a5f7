/* SPDX-License-Identifier: BSD-2-Clause */
#include <hvrv/dev/plic.h>

#include <stddef.h>

/*
 * The memory map. Priorities come first, a word a source; then a block of bits
 * for what is pending, one for each context's enables; then a page a context.
 */
#define PENDING_BASE  UINT32_C(0x001000)
#define ENABLE_BASE   UINT32_C(0x002000)
#define CONTEXT_BASE  UINT32_C(0x200000)
#define BLOCK_SIZE    UINT32_C(0x80) /* a bit for each of 1024 sources */
#define CONTEXT_SHIFT 12

/* In a context's page. */
#define THRESHOLD 0
#define CLAIM     4

#define WORD_BITS 32

/* The number of the lowest bit that is set, without an instruction of Zbb. */
static size_t lowest(uint32_t bits)
{
    /* Each product of the constant with a power of two has its own upper five bits. */
    static const uint8_t numbers[WORD_BITS] = {
        0,  1,  28, 2,  29, 14, 24, 3, 30, 22, 20, 15, 25, 17, 4,  8,
        31, 27, 13, 23, 21, 19, 16, 7, 26, 12, 18, 6,  11, 5,  10, 9,
    };
    return numbers[((bits & (~bits + 1)) * UINT32_C(0x077cb531)) >> 27];
}

static void set_pending(struct hvrv_plic *plic, uint32_t source)
{
    uint32_t word = source / WORD_BITS;

    plic->pending[word] |= UINT32_C(1) << source % WORD_BITS;
    plic->words |= UINT32_C(1) << word;
}

static void clear_pending(struct hvrv_plic *plic, uint32_t source)
{
    uint32_t word = source / WORD_BITS;

    plic->pending[word] &= ~(UINT32_C(1) << source % WORD_BITS);
    if (plic->pending[word] == 0)
        plic->words &= ~(UINT32_C(1) << word);
}

static bool is_enabled(const struct hvrv_plic_context *context, uint32_t source)
{
    return (context->enable[source / WORD_BITS] >> source % WORD_BITS & 1) != 0;
}

/* Bits of a word that stand for sources: not number 0, and none that is not there. */
static uint32_t sources_of(const struct hvrv_plic *plic, uint32_t word)
{
    uint32_t first = word * WORD_BITS, count = plic->config.source_count;
    uint32_t bits = word == 0 ? ~UINT32_C(1) : ~UINT32_C(0);

    if (first >= count)
        return 0;
    return count - first < WORD_BITS ? bits & ((UINT32_C(1) << (count - first)) - 1) : bits;
}

/*
 * The source with the highest priority above the floor that is pending and
 * enabled, the lowest number of several; 0 if there is none. Only words with
 * something pending are looked at, so it takes at most 1023 steps, and as a
 * rule one.
 */
static uint32_t find_best(const struct hvrv_plic *plic, const struct hvrv_plic_context *context,
                          uint32_t floor)
{
    size_t best = 0;

    for (uint32_t words = plic->words; words != 0; words &= words - 1) {
        size_t word = lowest(words);
        uint32_t bits = plic->pending[word] & context->enable[word];

        for (; bits != 0; bits &= bits - 1) {
            size_t source = word * WORD_BITS + lowest(bits);
            uint32_t priority = plic->config.sources[source].priority;
            if (priority > floor) {
                floor = priority;
                best = source;
            }
        }
    }
    return (uint32_t)best;
}

static void clear_storage(const struct hvrv_plic_config *config)
{
    for (uint32_t i = 0; i < config->source_count; i++)
        config->sources[i] = (struct hvrv_plic_source){0};
    for (uint32_t i = 0; i < config->context_count; i++)
        config->contexts[i] = (struct hvrv_plic_context){{0}, 0};
}

enum hvrv_status hvrv_plic_init(struct hvrv_plic *plic, const struct hvrv_plic_config *config)
{
    if (!plic)
        return HVRV_ERR_NULL;
    *plic = (struct hvrv_plic){0};
    if (!config || !config->sources || !config->contexts)
        return HVRV_ERR_NULL;
    if (config->source_count < 2 || config->source_count > HVRV_PLIC_SOURCES_MAX ||
        config->context_count == 0 || config->context_count > HVRV_PLIC_CONTEXTS_MAX)
        return HVRV_ERR_ARGUMENT;
    clear_storage(config);
    plic->config = *config;
    return HVRV_OK;
}

enum hvrv_status hvrv_plic_set_level(struct hvrv_plic *plic, uint32_t source,
                                     enum hvrv_plic_level level)
{
    if (!plic)
        return HVRV_ERR_NULL;
    if (source == 0 || source >= plic->config.source_count)
        return HVRV_ERR_ARGUMENT;
    struct hvrv_plic_source *line = &plic->config.sources[source];
    uint8_t was_high = line->is_high;
    line->is_high = level != HVRV_PLIC_LOW;
    if (line->is_high && !was_high && !line->is_claimed)
        set_pending(plic, source);
    return HVRV_OK;
}

bool hvrv_plic_find_pending(const struct hvrv_plic *plic, uint32_t context)
{
    if (context >= plic->config.context_count)
        return false;
    const struct hvrv_plic_context *target = &plic->config.contexts[context];
    return find_best(plic, target, target->threshold) != 0;
}

/*
 * The threshold is for the line alone: a claim finds whatever has a priority.
 * Apart, so that reading another register needs no stack.
 */
__attribute__((noinline)) static uint32_t claim(struct hvrv_plic *plic,
                                                const struct hvrv_plic_context *context)
{
    uint32_t source = find_best(plic, context, 0);

    if (source != 0) {
        clear_pending(plic, source);
        plic->config.sources[source].is_claimed = 1;
    }
    return source;
}

/* Who claimed it does not matter, only that the context may speak for it. */
static void complete(struct hvrv_plic *plic, const struct hvrv_plic_context *context,
                     uint32_t source)
{
    if (source >= plic->config.source_count || !is_enabled(context, source))
        return;
    struct hvrv_plic_source *line = &plic->config.sources[source];
    if (line->is_claimed && line->is_high)
        set_pending(plic, source);
    line->is_claimed = 0;
}

static enum hvrv_status check(uint64_t offset, unsigned size)
{
    if (size != 4)
        return HVRV_ERR_ARGUMENT;
    if (offset % 4 != 0)
        return HVRV_ERR_ALIGN;
    return offset >= HVRV_PLIC_SIZE ? HVRV_ERR_RANGE : HVRV_OK;
}

/* The context whose block of enables, or whose page, has the offset; null if not there. */
static struct hvrv_plic_context *context_at(const struct hvrv_plic *plic, uint32_t offset)
{
    uint32_t number = offset >= CONTEXT_BASE ? (offset - CONTEXT_BASE) >> CONTEXT_SHIFT
                                             : (offset - ENABLE_BASE) / BLOCK_SIZE;

    return number < plic->config.context_count ? &plic->config.contexts[number] : NULL;
}

static uint32_t load(struct hvrv_plic *plic, uint32_t offset)
{
    if (offset < ENABLE_BASE)
        return offset - PENDING_BASE < BLOCK_SIZE ? plic->pending[(offset - PENDING_BASE) / 4] : 0;

    struct hvrv_plic_context *context = context_at(plic, offset);
    if (!context)
        return 0;
    if (offset < CONTEXT_BASE)
        return context->enable[offset % BLOCK_SIZE / 4];
    switch (offset & ((UINT32_C(1) << CONTEXT_SHIFT) - 1)) {
    case THRESHOLD:
        return context->threshold;
    case CLAIM:
        return claim(plic, context);
    default:
        return 0;
    }
}

static void store(struct hvrv_plic *plic, uint32_t offset, uint32_t value)
{
    if (offset < PENDING_BASE) {
        if (offset != 0 && offset / 4 < plic->config.source_count)
            plic->config.sources[offset / 4].priority = value & HVRV_PLIC_PRIORITY_MAX;
        return;
    }
    struct hvrv_plic_context *context = offset < ENABLE_BASE ? NULL : context_at(plic, offset);
    if (!context)
        return;
    if (offset < CONTEXT_BASE) {
        uint32_t word = offset % BLOCK_SIZE / 4;
        context->enable[word] = value & sources_of(plic, word);
        return;
    }
    switch (offset & ((UINT32_C(1) << CONTEXT_SHIFT) - 1)) {
    case THRESHOLD:
        context->threshold = value & HVRV_PLIC_PRIORITY_MAX;
        break;
    case CLAIM:
        complete(plic, context, value);
        break;
    default:
        break;
    }
}

/* Apart, as the other registers are read less often. */
__attribute__((noinline)) static enum hvrv_status
read_other(struct hvrv_plic *plic, uint64_t offset, unsigned size, uint64_t *value)
{
    enum hvrv_status status = check(offset, size);

    if (value)
        *value = 0;
    if (!plic || !value)
        return HVRV_ERR_NULL;
    if (status == HVRV_OK)
        *value = load(plic, (uint32_t)offset);
    return status;
}

enum hvrv_status hvrv_plic_read(struct hvrv_plic *plic, uint64_t offset, unsigned size,
                                uint64_t *value)
{
    if (!plic || !value || size != 4 || offset % 4 != 0 || offset / 4 >= plic->config.source_count)
        return read_other(plic, offset, size, value);
    *value = plic->config.sources[offset / 4].priority;
    return HVRV_OK;
}

enum hvrv_status hvrv_plic_write(struct hvrv_plic *plic, uint64_t offset, unsigned size,
                                 uint64_t value)
{
    enum hvrv_status status = check(offset, size);

    if (!plic)
        return HVRV_ERR_NULL;
    if (status == HVRV_OK)
        store(plic, (uint32_t)offset, (uint32_t)value);
    return status;
}
