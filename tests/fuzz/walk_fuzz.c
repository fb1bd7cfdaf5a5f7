/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walker against the manual's algorithm (model/walk_model): the input is a
 * header with CSRs and one access, then the entries that the walk comes to (see
 * sparse.h). A difference is printed, and ends the process.
 *
 * Byte 0: modes of VS- and G-stage (2 bits each), how the regime is made, roots.
 * Byte 1: a switch a bit. Byte 2: A/D policies, stages, the small window. Byte 3:
 * the access, and noise for the CSRs. Bytes 4 to 11: the address.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/sparse.h"
#include "model/walk_judge.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum how { BY_CSRS, BY_ODD_CSRS, BY_FIELDS, BY_ODD_FIELDS };
enum view { WINDOW, PORT, BOTH, VIEWS };

static struct sparse sparse;
static struct walk_judge judge;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    sparse_init(&sparse);
    judge.model.memory = &sparse;
    judge.model.read = sparse_read;
    judge.model.write = sparse_write;
    judge.views = VIEWS;
    judge.view[WINDOW] = (struct walk_view){"window", sparse.view[SPARSE_WHOLE], NULL, NULL};
    judge.view[PORT] =
        (struct walk_view){"port", sparse.view[SPARSE_PORT], &sparse.loads, &sparse.writes};
    judge.view[BOTH].name = "both";
    return 0;
}

struct header {
    uint8_t byte[4];
    uint64_t address;
};

/* Bits of a header's byte. */
static unsigned part(const struct header *header, unsigned byte, unsigned shift, unsigned count)
{
    return header->byte[byte] >> shift & ((1U << count) - 1);
}

static enum how how_of(const struct header *header)
{
    return (enum how)part(header, 0, 4, 2);
}

static void fill_model(struct walk_model *model, const struct header *header)
{
    static const unsigned modes[] = {8, 9, 10, 0};
    static const char policies[] = "fuif";
    bool vs_root_is_far = part(header, 0, 6, 1), g_root_is_far = part(header, 0, 7, 1);

    model->vsatp_mode = modes[part(header, 0, 0, 2)];
    model->hgatp_mode = modes[part(header, 0, 2, 2)];
    model->hgatp_ppn = (g_root_is_far ? SPARSE_FAR + 0x40000 : SPARSE_BASE + 0x40000) >> 12;
    model->vsatp_ppn = (vs_root_is_far ? SPARSE_FAR + 0x50000 : SPARSE_BASE + 0x50000) >> 12;
    model->vsstatus_sum = part(header, 1, 0, 1);
    model->vsstatus_mxr = part(header, 1, 1, 1);
    model->sstatus_mxr = part(header, 1, 2, 1);
    model->sstatus_mxr_for_implicit = part(header, 1, 3, 1);
    model->henvcfg_pbmte = part(header, 1, 4, 1);
    model->menvcfg_pbmte = part(header, 1, 5, 1);
    model->svnapot = part(header, 1, 6, 1);
    model->svrsw60t59b = part(header, 1, 7, 1);
    model->vs_ad = policies[part(header, 2, 0, how_of(header) < BY_FIELDS ? 1 : 2)];
    model->g_ad = policies[part(header, 2, 2, how_of(header) < BY_FIELDS ? 1 : 2)];
}

/* Sets bits high to low of a register. */
static uint64_t with(uint64_t reg, unsigned high, unsigned low, uint64_t value)
{
    uint64_t mask = (~UINT64_C(0) >> (63 - (high - low))) << low;

    return (reg & ~mask) | (value << low & mask);
}

/* The CSRs that say what the model knows, with noise in all bits that do not bear on it. */
static struct hvrv_walk_csrs csrs_of(const struct walk_model *model, uint64_t noise)
{
    struct hvrv_walk_csrs csrs = {noise, noise >> 1, noise * 3, ~noise * 0x5, noise << 3, ~noise};

    csrs.vsatp = with(with(csrs.vsatp, 63, 60, model->vsatp_mode), 43, 0, model->vsatp_ppn);
    csrs.hgatp = with(with(csrs.hgatp, 63, 60, model->hgatp_mode), 43, 0, model->hgatp_ppn);
    csrs.vsstatus = with(csrs.vsstatus, 18, 18, model->vsstatus_sum);
    csrs.vsstatus = with(csrs.vsstatus, 19, 19, model->vsstatus_mxr);
    csrs.sstatus = with(csrs.sstatus, 19, 19, model->sstatus_mxr);
    csrs.henvcfg = with(csrs.henvcfg, 62, 62, model->henvcfg_pbmte);
    csrs.henvcfg = with(csrs.henvcfg, 61, 61, model->vs_ad == 'u');
    csrs.henvcfg = with(csrs.henvcfg, 3, 3, 0); /* SSE: refused */
    csrs.menvcfg = with(csrs.menvcfg, 62, 62, model->menvcfg_pbmte);
    csrs.menvcfg = with(csrs.menvcfg, 61, 61, model->g_ad == 'u');
    return csrs;
}

static void expect(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "not as it must be: %s\n", what);
    abort();
}

static bool is_mode(uint64_t mode)
{
    return mode == 0 || (mode >= 8 && mode <= 10);
}

/* vsatp and hgatp of any bits: refused exactly if a mode is reserved or a root misaligned. */
static bool takes_odd_csrs(struct hvrv_walk_csrs *csrs, struct walk_model *model,
                           struct input *input)
{
    struct hvrv_walk_regime regime;

    csrs->vsatp ^= input_number(input, 8);
    csrs->hgatp ^= input_number(input, 8);
    model->vsatp_mode = csrs->vsatp >> 60;
    model->hgatp_mode = csrs->hgatp >> 60;
    model->vsatp_ppn = csrs->vsatp & UINT64_C(0xfffffffffff);
    model->hgatp_ppn = csrs->hgatp & UINT64_C(0xfffffffffff);
    enum hvrv_status status = hvrv_walk_regime_from_csrs(&regime, csrs);
    if (!is_mode(model->vsatp_mode) || !is_mode(model->hgatp_mode))
        expect(status == HVRV_ERR_MODE, "reserved mode");
    else if (model->hgatp_mode != 0 && model->hgatp_ppn % 4 != 0)
        expect(status == HVRV_ERR_ALIGN, "misaligned hgatp.PPN");
    else
        expect(status == HVRV_OK, "good CSRs");
    return status == HVRV_OK;
}

static struct hvrv_walk_regime regime_from(const struct hvrv_walk_csrs *csrs,
                                           const struct walk_model *model)
{
    struct hvrv_walk_regime regime;

    expect(hvrv_walk_regime_from_csrs(&regime, csrs) == HVRV_OK, "good CSRs");
    regime.svnapot = model->svnapot;
    regime.svrsw60t59b = model->svrsw60t59b;
    regime.hs_mxr_implicit = model->sstatus_mxr_for_implicit;
    return regime;
}

/* A regime of any bytes: it is taken exactly if all is in order, else no walk works with it. */
static void take_odd_fields(struct hvrv_walk_regime *regime, struct input *input)
{
    uint8_t g_mode = input_byte(input), vs_mode = input_byte(input), ad = input_byte(input);
    struct hvrv_walk_request request = {{0}, HVRV_ACCESS_LOAD, HVRV_WALK_VS};
    struct hvrv_walk_result result;
    struct hvrv_walk walk;

    regime->g_mode = g_mode;
    regime->vs_mode = vs_mode;
    regime->vs_ad = (enum hvrv_walk_ad)(ad & 3);
    regime->g_ad = (enum hvrv_walk_ad)(ad >> 2 & 3);
    regime->vs_root.v = input_number(input, 8);
    regime->g_root.v = input_number(input, 8);
    bool good = is_mode(g_mode) && is_mode(vs_mode) && (ad & 3) < 3 && (ad >> 2 & 3) < 3 &&
                regime->vs_root.v >> 56 == 0 && regime->g_root.v >> 56 == 0 &&
                (vs_mode == 0 || regime->vs_root.v % 0x1000 == 0) &&
                (g_mode == 0 || regime->g_root.v % 0x4000 == 0);
    expect((hvrv_walk_init(&walk, regime, &judge.view[WINDOW].phys) == HVRV_OK) == good, "init");
    if (!good)
        expect(hvrv_walk_two_stage(&walk, &request, &result) == HVRV_ERR_STATE, "walk not made");
}

/* Makes the walks for the header; false if that was all that the input is about. */
static bool prepare(const struct header *header, struct input *input)
{
    static const enum sparse_view views[] = {SPARSE_2M, SPARSE_4K, SPARSE_1G, SPARSE_64K};
    struct walk_model *model = &judge.model;
    uint64_t noise = part(header, 3, 4, 4) * UINT64_C(0x9e3779b97f4a7c15);

    fill_model(model, header);
    judge.view[BOTH].phys = sparse.view[views[part(header, 2, 6, 2)]];
    struct hvrv_walk_regime regime = walk_compare_regime(model);
    struct hvrv_walk_csrs csrs = csrs_of(model, noise);
    if (how_of(header) == BY_ODD_FIELDS) {
        take_odd_fields(&regime, input);
        return false;
    }
    if (how_of(header) == BY_ODD_CSRS && !takes_odd_csrs(&csrs, model, input))
        return false;
    if (how_of(header) < BY_FIELDS)
        regime = regime_from(&csrs, model);
    walk_judge_prepare_for(&judge, &regime);
    return true;
}

static struct walk_access access_of(const struct header *header)
{
    static const char *const stages[] = {"VG", "VG", "V", "G"};
    struct walk_access access = {.address = header->address,
                                 .stages = stages[part(header, 2, 4, 2)],
                                 .kind = "rwxh"[part(header, 3, 0, 2)],
                                 .user = part(header, 3, 2, 1)};

    /* Else nearly every address would not be canonical. */
    if (part(header, 3, 3, 1) && judge.model.vsatp_mode) {
        unsigned unused = 64 - (12 + 9 * (judge.model.vsatp_mode - 5));

        access.address = (uint64_t)((int64_t)(access.address << unused) >> unused);
    }
    return access;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    struct header header;

    sparse_clear(&sparse, &input);
    for (unsigned i = 0; i < sizeof(header.byte); i++)
        header.byte[i] = input_byte(&input);
    header.address = input_number(&input, 8);
    if (prepare(&header, &input)) {
        struct walk_access access = access_of(&header);

        if (!walk_judge_access(&judge, &access))
            abort();
    }
    return 0;
}
