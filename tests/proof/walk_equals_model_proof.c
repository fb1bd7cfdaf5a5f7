/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walker equals the manual's algorithm (tests/model/walk_model.c), over
 * memory that may answer anything, even differently each time it is asked.
 *
 * Assumptions:
 * - The two modes are VS_MODE and G_MODE; all else in the regime is anything
 *   that hvrv_walk_init() takes.
 * - All memory is behind the port. What it answers to the walker's n-th read it
 *   also answers to the model's n-th, which is proved to be for the same address;
 *   so it is with writes. No write loses a race: a race ends the walk with
 *   HVRV_ERR_RACE, which one_walk_proof.c is about.
 *
 * Files: lib/mmu/walk.c lib/mmu/walk_init.c lib/isa/pte.c lib/isa/mode.c
 * Files: lib/isa/cause.c lib/isa/text.c lib/port/phys.c tests/model/walk_model.c
 */
#include "walk_regime.h"

struct answer {
    uint64_t hpa;
    uint64_t value; /* read, or written */
    bool good;
};

static struct answer reads[WALK_MODEL_STEPS_MAX + 1];
static struct answer writes[3];
static unsigned reads_done, writes_done, model_reads, model_writes;
static bool raced;

static bool port_load(void *context, hvrv_hpa hpa, uint64_t *value)
{
    (void)context;
    PROVE(reads_done < READS_MAX_HERE);
    struct answer *answer = &reads[reads_done];
    answer->hpa = hpa.v;
    answer->value = nondet_u64();
    answer->good = any_bool();
    reads_done++;
    *value = answer->value;
    return answer->good;
}

static bool port_store(void *context, hvrv_hpa hpa, uint64_t value)
{
    (void)context;
    (void)hpa;
    (void)value;
    PROVE(false);
    return false;
}

static bool port_swap(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    (void)context;
    (void)expected;
    PROVE(writes_done < 3);
    struct answer *answer = &writes[writes_done];
    answer->hpa = hpa.v;
    answer->value = desired;
    answer->good = any_bool();
    writes_done++;
    return answer->good;
}

static bool model_read(void *memory, uint64_t hpa, uint64_t *value)
{
    (void)memory;
    PROVE(model_reads < reads_done);
    PROVE(reads[model_reads].hpa == hpa);
    *value = reads[model_reads].value;
    return reads[model_reads++].good;
}

static bool model_write(void *memory, uint64_t hpa, uint64_t value)
{
    (void)memory;
    PROVE(model_writes < writes_done);
    PROVE(writes[model_writes].hpa == hpa);
    PROVE(writes[model_writes].value == value);
    return writes[model_writes++].good;
}

static void compare_pages(const struct hvrv_walk_page *page, const struct walk_model_outcome *model)
{
    PROVE(page->gpa.v == model->gpa);
    PROVE(page->hpa.v == model->hpa);
    PROVE(page->vs_pte.v == model->vs.pte);
    PROVE(page->vs_pte_address.v == model->vs.address);
    PROVE(page->g_pte.v == model->g.pte);
    PROVE(page->g_pte_address.v == model->g.address);
    PROVE(page->vs_shift == (model->vs.is_there ? 12 + 9 * (unsigned)model->vs.level : 0));
    PROVE(page->g_shift == (model->g.is_there ? 12 + 9 * (unsigned)model->g.level : 0));
}

static void compare_faults(const struct hvrv_fault *fault, const struct walk_model_outcome *model)
{
    PROVE((unsigned)fault->cause == model->scause);
    PROVE(fault->stval == model->stval);
    PROVE(fault->htval == model->htval);
    PROVE(fault->htinst == model->htinst);
    PROVE(fault->stage == (model->stage == 'G' ? HVRV_STAGE_G : HVRV_STAGE_VS));
    PROVE(fault->level == (unsigned)model->level);
    PROVE(fault->pte == model->pte);
    PROVE(fault->pte_address == model->pte_address);
    PROVE(fault->implicit == model->implicit);
    PROVE(fault->gva);
    /* One literal is one object: equal words are equal pointers here. */
    PROVE(hvrv_reason_name(fault->reason) == model->reason);
}

void walk_equals_model(void)
{
    static const struct hvrv_phys_ops ops = {port_load, port_store, port_swap};
    const struct hvrv_phys_config config = {.ops = &ops};
    struct hvrv_phys phys;
    struct hvrv_walk walk;
    struct hvrv_walk_result result;
    struct walk_model_outcome outcome;
    struct hvrv_walk_regime regime = any_regime(VS_MODE, G_MODE);
    struct hvrv_walk_request request = {{nondet_u64()},
                                        (enum hvrv_access)nondet_unsigned(),
                                        (enum hvrv_walk_privilege)nondet_unsigned()};
    ASSUME(hvrv_phys_init(&phys, &config) == HVRV_OK);
    ASSUME(hvrv_walk_init(&walk, &regime, &phys) == HVRV_OK);
    enum hvrv_status status = hvrv_walk_two_stage(&walk, &request, &result);
    if (status != HVRV_OK) {
        PROVE(status == HVRV_ERR_ARGUMENT);
        return;
    }
    struct walk_model model = model_of(&regime);
    model.read = model_read;
    model.write = model_write;
    walk_model_run(&model, "VG", request.gva.v, letter_of(request.access),
                   request.privilege == HVRV_WALK_VU, &outcome);
    PROVE(model_reads == reads_done);
    PROVE(model_writes == writes_done);
    PROVE(result.faulted == outcome.faulted);
    if (result.faulted)
        compare_faults(&result.fault, &outcome);
    else
        compare_pages(&result.page, &outcome);
    COVER(result.faulted);
    COVER(!result.faulted);
    COVER(reads_done == READS_MAX_HERE);
}
