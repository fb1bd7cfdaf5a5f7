/* SPDX-License-Identifier: BSD-2-Clause */
#include "trial.h"

#include <hvrv/isa/csr.h>

#include "memory.h"

#define CODE_SIZE 8
#define NAPOT     (UINT64_C(1) << 63)

static void keep_step(void *context, const struct hvrv_walk_step *step)
{
    struct path *path = context;

    if (path->count < PATH_STEPS_MAX)
        path->step[path->count++] = *step;
}

static void walk(const struct trial *trial, const struct hvrv_walk_regime *regime,
                 const struct hvrv_walk_request *request, struct path *path,
                 struct hvrv_walk_result *result)
{
    struct hvrv_walk walk;
    enum hvrv_status status = hvrv_walk_init(&walk, regime, memory_view(trial->way));

    if (path)
        hvrv_walk_set_trace(&walk, keep_step, path);
    /* One entry of both stages: setting D in it by the one makes it another for the other. */
    if (status == HVRV_OK)
        status = hvrv_walk_two_stage(&walk, request, result);
    if (status == HVRV_ERR_RACE)
        status = hvrv_walk_two_stage(&walk, request, result);
    if (status != HVRV_OK) {
        printf("conformance: hvrv_walk: %s\n", hvrv_status_name(status));
        machine_end(2);
    }
}

/* Adds the path to an address; nothing is updated, and no A or D is missed. */
static void add_path(const struct trial *trial, uint64_t gva, enum hvrv_access access,
                     struct path *path)
{
    struct hvrv_walk_regime regime = trial->regime;
    struct hvrv_walk_request request = {{gva}, access, trial->privilege};
    struct hvrv_walk_result result;

    regime.vs_ad = regime.g_ad = HVRV_WALK_AD_IGNORE;
    walk(trial, &regime, &request, path, &result);
}

static bool has_code(const struct trial *trial)
{
    return trial->instruction->by_guest && trial->instruction->access != HVRV_ACCESS_FETCH;
}

void trial_find_path(const struct trial *trial, struct path *path)
{
    path->count = 0;
    if (has_code(trial))
        add_path(trial, trial->code, HVRV_ACCESS_FETCH, path);
    add_path(trial, trial->gva, trial->instruction->access, path);
}

void trial_print_path(const struct trial *trial)
{
    struct path path;

    trial_find_path(trial, &path);
    for (unsigned i = 0; i < path.count; i++) {
        const struct hvrv_walk_step *step = &path.step[i];
        printf("    %s level %u of 0x%lx: entry 0x%lx at 0x%lx\n",
               step->stage == HVRV_STAGE_G ? "  G-stage" : "VS-stage", step->level, step->address,
               step->pte.v, step->pte_address.v);
    }
}

static uint64_t spoil(struct random *random, const struct hvrv_walk_step *step)
{
    uint64_t pte = step->pte.v;

    switch (random_below(random, 12)) {
    case 0:
        return pte ^ UINT64_C(1) << (54 + random_below(random, 10));
    case 1:
        return pte ^ UINT64_C(1) << (10 + random_below(random, 44));
    case 2:
        return pte ^ UINT64_C(1) << (10 + random_below(random, 18));
    case 3: /* a pointer to its own table */
        return step->pte_address.v >> 12 << 10 | 1;
    case 4: /* NAPOT, good or bad */
        return (pte & ~UINT64_C(0x3c00)) | NAPOT | (random_one_in(random, 4) ? 0x400 : 0x2000);
    case 5:
        return (pte & ~UINT64_C(0x3ff)) | (random_draw(random) & 0x3ff);
    case 6: /* PBMT */
        return (pte & ~(UINT64_C(3) << 61)) | (uint64_t)random_below(random, 4) << 61;
    default:
        return pte ^ UINT64_C(1) << random_below(random, 8);
    }
}

static void spoil_entries(const struct trial *trial, struct random *random)
{
    unsigned count = random_below(random, 3);
    struct path path;

    for (; count > 0; count--) {
        path.count = 0;
        add_path(trial, trial->gva, trial->instruction->access, &path);
        if (path.count == 0)
            return;
        const struct hvrv_walk_step *step = &path.step[random_below(random, path.count)];
        if (memory_is_arena(step->pte_address.v))
            memory_spoil(step->pte_address.v, spoil(random, step));
    }
}

/* Entries in data pages belong to no set: what happens to them must be undone. */
static void note_strays(const struct trial *trial)
{
    struct path path;

    trial_find_path(trial, &path);
    for (unsigned i = 0; i < path.count; i++) {
        uint64_t address = path.step[i].pte_address.v;

        if (memory_is_arena(address) && address >= memory_page(MEMORY_DATA_PAGE))
            memory_note(address);
    }
}

static uint64_t guest_code_at(const struct tables *tables, const struct trial *trial)
{
    return tables->code[trial->privilege] + trial->instruction->number * CODE_SIZE;
}

void trial_draw(struct trial *trial, const struct tables *tables, const struct abilities *abilities,
                struct random random)
{
    uint64_t bits = random_draw(&random);
    uint64_t adue = HVRV_MENVCFG_ADUE, pbmte = HVRV_MENVCFG_PBMTE;

    *trial = (struct trial){.instruction = &instructions[random_below(&random, INSTRUCTION_COUNT)]};
    trial->stored = random_draw(&random);
    trial->sstatus = (bits & 2 ? HVRV_SSTATUS_MXR : 0) | (bits & 4 ? HVRV_SSTATUS_SUM : 0);
    trial->vsstatus = (bits & 8 ? HVRV_VSSTATUS_MXR : 0) | (bits & 16 ? HVRV_VSSTATUS_SUM : 0);
    trial->menvcfg = ((bits & 32 ? adue : 0) | (bits & 64 ? pbmte : 0)) & abilities->menvcfg;
    trial->henvcfg = ((bits & 128 ? adue : 0) | (bits & 256 ? pbmte : 0)) & trial->menvcfg;
    trial->satp = tables->satp;
    trial->vsatp = tables->vsatp;
    if (tables->vsatp && random_one_in(&random, 64)) /* a root elsewhere, or too wide a GPA */
        trial->vsatp ^= UINT64_C(1) << random_below(&random, 44);
    trial->way = bits & 512 ? MEMORY_BY_WINDOW : MEMORY_BY_PORT;
    unsigned target = random_below(&random, TABLES_TARGETS);
    trial->gva = tables->target[target] ^ random_below(&random, 4096);
    trial->privilege = target % 2 ? HVRV_WALK_VS : HVRV_WALK_VU;
    if (random_one_in(&random, 8))
        trial->privilege = bits & 1 ? HVRV_WALK_VS : HVRV_WALK_VU;
    if (random_one_in(&random, 16))
        trial->gva ^= UINT64_C(1) << random_below(&random, 64);
    trial->gva &= ~(uint64_t)(trial->instruction->size - 1);
    trial->code = guest_code_at(tables, trial);
    if (trial->instruction->access == HVRV_ACCESS_FETCH) {
        trial->gva |= 8; /* where a page has code */
        trial->code = trial->gva;
    }
    perform_set_csrs(tables, abilities, trial);
    spoil_entries(trial, &random);
    note_strays(trial);
    perform_fence();
}

/* A fault as the trap CSRs must show it. */
static void expect_fault(struct expectation *expectation, const struct trial *trial,
                         uint64_t scause, uint64_t stval)
{
    struct outcome *outcome = &expectation->outcome;

    outcome->trapped = true;
    outcome->scause = scause;
    outcome->stval = stval;
    outcome->gva = true;
    outcome->sepc = trial->instruction->by_guest ? trial->code : 0;
}

/* Walks for an access; true if it faults, translated or at its end. */
static bool expect_walk(struct expectation *expectation, const struct trial *trial,
                        const struct hvrv_walk_request *request)
{
    const struct hvrv_walk_result *result = &expectation->walk;

    walk(trial, &trial->regime, request, NULL, &expectation->walk);
    if (result->faulted) {
        expect_fault(expectation, trial, result->fault.cause, result->fault.stval);
        expectation->outcome.htval = result->fault.htval;
        expectation->outcome.htinst = result->fault.htinst;
        return true;
    }
    uint64_t hpa = result->page.hpa.v;
    if (memory_is_arena(hpa) || memory_is_image(hpa))
        return false;
    expect_fault(expectation, trial, hvrv_cause_of(HVRV_FAULT_ACCESS, request->access),
                 request->gva.v);
    return true;
}

static uint64_t extend(uint64_t word, uint64_t hpa, const struct instruction *instruction)
{
    unsigned unused = 64 - 8u * instruction->size;
    uint64_t value = word >> 8 * (hpa % 8) << unused;

    return instruction->is_signed ? (uint64_t)((int64_t)value >> unused) : value >> unused;
}

static void expect_store(struct expectation *expectation, const struct trial *trial, uint64_t hpa)
{
    uint64_t mask = UINT64_MAX >> (64 - 8u * trial->instruction->size) << 8 * (hpa % 8);
    uint64_t word = hpa & ~UINT64_C(7);

    memory_note(word);
    memory_set_shadow(word,
                      (memory_shadow(word) & ~mask) | (trial->stored << 8 * (hpa % 8) & mask));
    expectation->stored_at = word;
}

/* What an access that goes through does; false if it would do harm. */
static bool expect_effect(struct expectation *expectation, const struct trial *trial)
{
    uint64_t hpa = expectation->walk.page.hpa.v;
    struct outcome *outcome = &expectation->outcome;

    if (trial->instruction->by_guest)
        outcome->sepc = trial->code + 4;
    if (trial->instruction->access == HVRV_ACCESS_FETCH) {
        outcome->value = memory_tale(hpa);
        return memory_is_tale(hpa);
    }
    if (!memory_is_arena(hpa))
        return false;
    if (trial->instruction->access == HVRV_ACCESS_STORE)
        expect_store(expectation, trial, hpa);
    else
        outcome->value = extend(memory_shadow(hpa & ~UINT64_C(7)), hpa, trial->instruction);
    return true;
}

/* The guest's own instruction must be fetched first. False: it is not where it should be. */
static bool expect_code(struct expectation *expectation, const struct trial *trial)
{
    struct hvrv_walk_request request = {{trial->code}, HVRV_ACCESS_FETCH, trial->privilege};
    uint64_t code = memory_page(MEMORY_CODE_PAGE) + trial->instruction->number * CODE_SIZE;

    expectation->is_of_code = expect_walk(expectation, trial, &request);
    return expectation->is_of_code || expectation->walk.page.hpa.v == code;
}

static bool expect(const struct trial *trial, struct expectation *expectation)
{
    const struct instruction *instruction = trial->instruction;
    struct hvrv_walk_request request = {{trial->gva}, instruction->access, trial->privilege};

    *expectation = (struct expectation){0};
    memory_restart();
    if (has_code(trial)) {
        if (!expect_code(expectation, trial))
            return false;
        if (expectation->is_of_code)
            return !memory_image_was_touched();
    }
    if (!expect_walk(expectation, trial, &request) && !expect_effect(expectation, trial))
        return false;
    return !memory_image_was_touched();
}

bool trial_expect(struct trial *trial, struct expectation *expectation)
{
    static const uint8_t instead[HVRV_ACCESS_COUNT] = {
        [HVRV_ACCESS_LOAD] = INSTRUCTION_HLV_D,
        [HVRV_ACCESS_STORE] = INSTRUCTION_HSV_D,
        [HVRV_ACCESS_FETCH] = INSTRUCTION_HLVX_WU,
        [HVRV_ACCESS_HLVX] = INSTRUCTION_HLVX_WU,
    };

    if (expect(trial, expectation))
        return true;
    trial->instruction = &instructions[instead[trial->instruction->access]];
    trial->gva &= ~UINT64_C(7);
    return expect(trial, expectation);
}
