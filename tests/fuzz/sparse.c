/* SPDX-License-Identifier: BSD-2-Clause */
#include "fuzz/sparse.h"

#include <stdlib.h>

void sparse_clear(struct sparse *sparse, struct input *input)
{
    for (unsigned i = 0; i < sparse->count; i++)
        *sparse->word[i].at = 0;
    sparse->input = input;
    sparse->count = sparse->pages = sparse->loads = sparse->writes = 0;
    /* Every page once touched takes room. */
    if (++sparse->clears % 65536 == 0)
        guarded_clear(&sparse->buffer);
}

uint64_t sparse_page(struct sparse *sparse, unsigned kind)
{
    static const uint64_t first[] = {SPARSE_BASE, SPARSE_BASE + SPARSE_SIZE / 2, SPARSE_FAR};
    uint64_t n = sparse->pages++;

    return first[kind < 2 ? kind : 2] + n * 4096;
}

/* What an entry points to, or maps. */
static uint64_t make_page(struct sparse *sparse, unsigned how)
{
    switch (how) {
    case 3: /* good for every level, and makes GPA and HPA the same */
        return 0;
    case 4: /* up to 1 GiB the same */
        return SPARSE_BASE;
    case 5: /* 2 MiB */
        return SPARSE_BASE + (uint64_t)input_byte(sparse->input) * 0x200000;
    case 6: /* 64 KiB, as NAPOT has it */
        return (sparse_page(sparse, 0) & ~UINT64_C(0xffff)) | 0x8000;
    case 7: /* wide */
        return sparse_page(sparse, 0) | UINT64_C(1) << (12 + input_byte(sparse->input) % 44);
    default:
        return sparse_page(sparse, how);
    }
}

/* The page of a word that was made before: tables that lead to themselves. */
static uint64_t known_page(const struct sparse *sparse, uint8_t which)
{
    return sparse->count ? sparse->word[which % sparse->count].hpa & ~UINT64_C(0xfff) : 0;
}

/* Bits 9:0 as they are; then N, PBMT, 60:59, and one of 58:54. */
static uint64_t scatter(uint64_t bits)
{
    uint64_t upper = (bits >> 10 & 1) << 63 | (bits >> 11 & 3) << 61 | (bits >> 13 & 3) << 59;

    return (bits & 0x3ff) | upper | (bits >> 15 & 1) << (54 + bits % 5);
}

/* One byte says what an entry is and where it leads; some kinds take more. */
static uint64_t make_entry(struct sparse *sparse, uint8_t op)
{
    struct input *input = sparse->input;
    unsigned how = op >> 3 & 7;

    switch (op & 7) {
    case 0:
        return make_page(sparse, how) >> 2 | 0x01;
    case 1:
        return make_page(sparse, how) >> 2 | 0xdf;
    case 2:
        return make_page(sparse, how) >> 2 | 0xcf;
    case 3:
        return make_page(sparse, how) >> 2 | 0x01 | input_byte(input);
    case 4:
        return make_page(sparse, how) >> 2 | scatter(input_number(input, 2));
    case 5:
        return make_page(sparse, how) >> 2 | 0x01 | scatter(input_number(input, 2));
    case 6:
        return known_page(sparse, input_byte(input)) >> 2 | 0x01 | (how & 1 ? 0xdf : 0);
    default:
        return input_number(input, 8);
    }
}

static struct sparse_word *find(struct sparse *sparse, uint64_t hpa)
{
    for (unsigned i = 0; i < sparse->count; i++) {
        if (sparse->word[i].hpa == hpa)
            return &sparse->word[i];
    }
    return NULL;
}

static struct sparse_word *make_word(struct sparse *sparse, uint64_t hpa)
{
    struct sparse_word word = {.hpa = hpa};

    if (sparse->count == SPARSE_WORDS_MAX)
        abort();
    if (sparse->input->left > 0) {
        uint8_t op = input_byte(sparse->input);

        word.value = make_entry(sparse, op);
        word.refuses = op >> 6 > 0 ? (op >> 6) - 1 : 0;
    }
    struct sparse_word *made = &sparse->word[sparse->count++];
    *made = word;
    made->at = &made->value;
    if (hpa - SPARSE_BASE < SPARSE_SIZE) {
        made->at = &sparse->buffer.words[(hpa - SPARSE_BASE) / 8];
        *made->at = word.value;
        made->refuses = 0;
    }
    return made;
}

bool sparse_read(void *context, uint64_t hpa, uint64_t *value)
{
    struct sparse *sparse = context;
    struct sparse_word *word = find(sparse, hpa);

    if (!word)
        word = make_word(sparse, hpa);
    if (word->refuses < 2)
        *value = *word->at;
    return word->refuses < 2;
}

bool sparse_write(void *context, uint64_t hpa, uint64_t value)
{
    struct sparse_word *word = find(context, hpa);

    if (!word || word->refuses)
        return false;
    *word->at = value;
    return true;
}

/* What the model did not ask for is not there, but counted. */
static bool load(void *context, hvrv_hpa hpa, uint64_t *value)
{
    struct sparse *sparse = context;
    const struct sparse_word *word = find(sparse, hpa.v);

    sparse->loads++;
    if (!word || word->refuses > 1)
        return false;
    *value = *word->at;
    return true;
}

static bool store(void *context, hvrv_hpa hpa, uint64_t value)
{
    struct sparse *sparse = context;

    if (!sparse_write(sparse, hpa.v, value))
        return false;
    sparse->writes++;
    return true;
}

static bool compare_and_swap(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    const struct sparse_word *word = find(context, hpa.v);

    if (!word || word->refuses)
        return false;
    if (*word->at == *expected)
        return store(context, hpa, desired);
    *expected = *word->at;
    return true;
}

static const struct hvrv_phys_ops ops = {load, store, compare_and_swap};

void sparse_init(struct sparse *sparse)
{
    static const uint64_t sizes[] = {0, SPARSE_SIZE, 0x40000000, 0x200000, 0x10000, 0x1000};

    guarded_init(&sparse->buffer, SPARSE_SIZE);
    for (unsigned i = 0; i < SPARSE_VIEWS; i++) {
        struct hvrv_phys_config config = {.ops = &ops, .context = sparse};

        if (sizes[i]) {
            config.window = guarded_window(&sparse->buffer, sizes[i]);
            config.window_base.v = SPARSE_BASE;
            config.window_size = sizes[i];
        }
        if (hvrv_phys_init(&sparse->view[i], &config) != HVRV_OK)
            abort();
    }
}
