/* SPDX-License-Identifier: BSD-2-Clause */
#include "memory.h"

#include <string.h>

#include "machine.h"

#define WORDS       (ARENA_SIZE / 8)
#define SLOTS       4096
#define LUI_A0      0x537
#define ECALL       UINT64_C(0x73)
#define TALE_OFFSET 8 /* of 16 */

extern const char guest_code[], guest_code_end[];

/* A word that somebody wrote, and what it is at the beginning of a case. */
struct slot {
    uint32_t index;
    uint64_t value;
};

static uint64_t shadow[WORDS];
static struct slot slots[SLOTS];
static unsigned slot_count; /* of the set and of the case */
static unsigned set_count;  /* of the set alone */
static bool image_touched;
static struct hvrv_phys views[2]; /* by enum memory_way */

static volatile uint64_t *real_word(uint64_t hpa)
{
    return (volatile uint64_t *)(uintptr_t)hpa;
}

static uint32_t index_of(uint64_t hpa)
{
    return (uint32_t)((hpa - ARENA_BASE) / 8);
}

static uint64_t hpa_of(uint32_t index)
{
    return ARENA_BASE + (uint64_t)index * 8;
}

bool memory_is_tale(uint64_t hpa)
{
    return hpa >= memory_page(MEMORY_DATA_PAGE) && hpa < ARENA_BASE + ARENA_SIZE &&
           hpa >> 12 != memory_page(MEMORY_CODE_PAGE) >> 12 && hpa % 16 == TALE_OFFSET;
}

/* What LUI makes of 20 bits of the HPA. */
uint64_t memory_tale(uint64_t hpa)
{
    return (uint64_t)(int64_t)(int32_t)(uint32_t)((hpa >> 4 & 0xfffff) << 12);
}

static uint64_t data_at(uint64_t hpa)
{
    if (hpa % 16 != TALE_OFFSET)
        return hpa;
    return ECALL << 32 | (hpa >> 4 & 0xfffff) << 12 | LUI_A0;
}

/*
 * The walker's port: the shadow of the arena; and the image, which PMP lets the hart read too,
 * but where nothing may be written.
 */

static uint64_t *port_word(uint64_t hpa)
{
    if (memory_is_arena(hpa))
        return &shadow[index_of(hpa)];
    image_touched = image_touched || memory_is_image(hpa);
    return NULL;
}

static bool load(void *context, hvrv_hpa hpa, uint64_t *value)
{
    const uint64_t *word = port_word(hpa.v);

    (void)context;
    if (!word && !memory_is_image(hpa.v))
        return false;
    *value = word ? *word : *real_word(hpa.v);
    return true;
}

static bool store(void *context, hvrv_hpa hpa, uint64_t value)
{
    uint64_t *word = port_word(hpa.v);

    (void)context;
    if (word)
        *word = value;
    return word || memory_is_image(hpa.v);
}

static bool compare_and_swap(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    uint64_t *word = port_word(hpa.v);

    (void)context;
    if (word && *word == *expected)
        *word = desired;
    else if (word)
        *expected = *word;
    return word || memory_is_image(hpa.v);
}

static const struct hvrv_phys_ops port = {load, store, compare_and_swap};

static void make_view(enum memory_way way)
{
    struct hvrv_phys_config config = {.ops = &port};

    if (way == MEMORY_BY_WINDOW) {
        config.window = shadow;
        config.window_base.v = ARENA_BASE;
        config.window_size = ARENA_SIZE;
    }
    if (hvrv_phys_init(&views[way], &config) != HVRV_OK)
        views[way] = (struct hvrv_phys){0};
}

void memory_init(void)
{
    memset(shadow, 0, sizeof(shadow));
    for (uint64_t hpa = memory_page(MEMORY_DATA_PAGE); hpa < ARENA_BASE + ARENA_SIZE; hpa += 8)
        shadow[index_of(hpa)] = data_at(hpa);
    memcpy(&shadow[index_of(memory_page(MEMORY_CODE_PAGE))], guest_code,
           (size_t)(guest_code_end - guest_code));
    for (uint32_t i = 0; i < WORDS; i++)
        *real_word(hpa_of(i)) = shadow[i];
    slot_count = set_count = 0;
    make_view(MEMORY_BY_WINDOW);
    make_view(MEMORY_BY_PORT);
}

void memory_clear_tables(void)
{
    for (unsigned i = 0; i < set_count; i++)
        *real_word(hpa_of(slots[i].index)) = shadow[slots[i].index] = 0;
    slot_count = set_count = 0;
}

static void add_slot(uint64_t hpa, uint64_t value)
{
    if (slot_count == SLOTS) {
        printf("conformance: more than %u words of tables\n", SLOTS);
        machine_end(2);
    }
    slots[slot_count++] = (struct slot){index_of(hpa), value};
}

void memory_put(uint64_t hpa, uint64_t value)
{
    *real_word(hpa) = shadow[index_of(hpa)] = value;
    add_slot(hpa, value);
    set_count = slot_count;
}

void memory_note(uint64_t hpa)
{
    for (unsigned i = 0; i < slot_count; i++) {
        if (slots[i].index == index_of(hpa))
            return;
    }
    add_slot(hpa, shadow[index_of(hpa)]);
}

void memory_spoil(uint64_t hpa, uint64_t value)
{
    memory_note(hpa);
    *real_word(hpa) = shadow[index_of(hpa)] = value;
}

uint64_t memory_shadow(uint64_t hpa)
{
    return shadow[index_of(hpa)];
}

void memory_set_shadow(uint64_t hpa, uint64_t value)
{
    shadow[index_of(hpa)] = value;
}

uint64_t memory_real(uint64_t hpa)
{
    return *real_word(hpa);
}

void memory_restart(void)
{
    for (unsigned i = 0; i < slot_count; i++)
        shadow[slots[i].index] = *real_word(hpa_of(slots[i].index));
    image_touched = false;
}

void memory_rewind(void)
{
    for (unsigned i = slot_count; i-- > 0;)
        *real_word(hpa_of(slots[i].index)) = shadow[slots[i].index] = slots[i].value;
    slot_count = set_count;
    image_touched = false;
}

uint64_t memory_next_difference(uint64_t after)
{
    bool found = after == 0;

    for (unsigned i = 0; i < slot_count; i++) {
        uint64_t hpa = hpa_of(slots[i].index);

        if (found && *real_word(hpa) != shadow[slots[i].index])
            return hpa;
        found = found || hpa == after;
    }
    return 0;
}

bool memory_is_same(void)
{
    for (uint32_t i = 0; i < WORDS; i++) {
        if (*real_word(hpa_of(i)) != shadow[i])
            return false;
    }
    return true;
}

void memory_repair(void)
{
    for (uint32_t i = 0; i < WORDS; i++)
        *real_word(hpa_of(i)) = shadow[i];
}

const struct hvrv_phys *memory_view(enum memory_way way)
{
    return &views[way];
}

bool memory_image_was_touched(void)
{
    return image_touched;
}
