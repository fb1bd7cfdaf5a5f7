/* SPDX-License-Identifier: BSD-2-Clause */
#include "cove_world.h"

struct cove_world w;

void *cove_memory(uint64_t hpa)
{
    return (char *)w.memory + (hpa - RAM);
}

static bool isolate(void *context, const struct hvrv_range *range, bool to_host)
{
    (void)context;
    if (w.is_refusing)
        return false;
    for (uint64_t at = range->first; at < range->last; at += 0x1000) {
        if (at >= RAM)
            w.host_may[(at - RAM) / 0x1000] = to_host;
        else
            w.file_host_may[(at - FILE_AT(0)) / 0x1000] = to_host;
    }
    return true;
}

static void fence(void *context, uint32_t hart)
{
    (void)context;
    w.fences[hart]++;
}

/* No hash, but as long as one, and different for every order of different bytes. */
static void hash(void *context, const struct hvrv_tvm_bytes *pieces, uint32_t count,
                 uint8_t *digest)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    (void)context;
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *bytes = pieces[i].bytes;
        for (uint64_t k = 0; k < pieces[i].size; k++)
            h = (h ^ bytes[k]) * UINT64_C(0x100000001b3);
    }
    for (unsigned i = 0; i < 48; i++) {
        h = (h ^ i) * UINT64_C(0x100000001b3);
        digest[i] = (uint8_t)(h >> 32);
    }
}

static void build_maps(void)
{
    struct hvrv_range all = {RAM, PAGE(PAGES) - 1};
    struct hvrv_range files = {FILE_AT(0), FILE_AT(FILES) - 1};
    struct hvrv_page_change move = {.from = HVRV_PAGE_RESERVED, .to = HVRV_PAGE_HOST};

    assert_int_equal(hvrv_epoch_init(&w.epoch, w.seen, HARTS), HVRV_OK);
    assert_int_equal(hvrv_page_init(&w.map, w.words, &all, &w.epoch), HVRV_OK);
    assert_int_equal(hvrv_page_init(&w.file_map, w.file_words, &files, &w.epoch), HVRV_OK);
    move.range = (struct hvrv_range){PAGE(RESERVED), PAGE(PAGES) - 1};
    assert_int_equal(hvrv_page_move(&w.map, &move), HVRV_OK);
    move.range = files;
    assert_int_equal(hvrv_page_move(&w.file_map, &move), HVRV_OK);
    for (unsigned i = RESERVED; i < PAGES; i++)
        w.host_may[i] = true;
    for (unsigned i = 0; i < FILES; i++)
        w.file_host_may[i] = true;
}

int cove_setup(void **state)
{
    (void)state;
    memset(&w, 0, sizeof(w));
    build_maps();
    const struct hvrv_phys_config memory = {w.memory, {RAM}, sizeof(w.memory), NULL, NULL};
    assert_int_equal(hvrv_phys_init(&w.phys, &memory), HVRV_OK);
    w.probe = (struct hvrv_probe){.hgatp_modes = 0x701,
                                  .vsatp_modes = 0x701,
                                  .vmidlen = 14,
                                  .ssstateen = true,
                                  .henvcfg = true,
                                  .senvcfg = true,
                                  .sstc = true,
                                  .fp = true};
    for (uint32_t i = 0; i < HARTS; i++) {
        model_hart_init(&w.model[i]);
        w.harts[i].hart = &w.model[i].hart;
    }
    w.ops = (struct hvrv_tsm_ops){isolate, fence, NULL, NULL};
    w.config = (struct hvrv_tsm_config){
        .phys = &w.phys,
        .pages = &w.map,
        .files = &w.file_map,
        .file_shift = 3,
        .harts = w.harts,
        .hart_count = HARTS,
        .slots = w.slots,
        .slot_count = SLOTS,
        .probe = &w.probe,
        .hash = {HVRV_COVE_HASH_SHA_384, hash, NULL},
        .ops = &w.ops,
        .mode = HVRV_MODE_SV39,
        .vmid_first = 1,
        .vharts_max = 4,
        .pages_max = 512,
        .impl_id = 3,
        .version = 7,
        .tcb_svn = 9,
    };
    assert_int_equal(hvrv_tsm_init(&w.tsm, &w.config), HVRV_OK);
    return 0;
}

/* The hart whose instructions the library's own are, where they are real ones; with an empty log.
 */
static void attach(uint32_t hart)
{
    if (model_hart_attach)
        model_hart_attach(&w.model[hart]);
    model_log_clear(&w.model[hart]);
}

int64_t cove_call(uint32_t hart, uint64_t extension, uint64_t function, const uint64_t *arguments)
{
    struct hvrv_cove_call call = {extension, function, {0}};

    memcpy(call.arguments, arguments, sizeof(call.arguments));
    attach(hart);
    assert_int_equal(hvrv_tsm_serve(&w.tsm, hart, &call, &w.reply), HVRV_OK);
    model_hart_check(&w.model[hart]);
    return w.reply.answer.error;
}

void cove_convert(uint64_t page, uint64_t count)
{
    assert_int_equal(CALL(0, COVH, 1, PAGE(page), count), SUCCESS);
    assert_int_equal(CALL(0, COVH, 3, 0), SUCCESS);
    for (uint32_t i = 1; i < HARTS; i++)
        assert_int_equal(CALL(i, COVH, 4, 0), SUCCESS);
}

uint64_t cove_create(uint64_t page)
{
    const uint64_t params[2] = {PAGE(page), PAGE(page + 4)};

    memcpy(cove_memory(PAGE(AT_PARAMS)), params, sizeof(params));
    assert_int_equal(CALL(0, COVH, 5, PAGE(AT_PARAMS), 16), SUCCESS);
    return w.reply.answer.value;
}

struct hvrv_tvm *cove_tvm(uint64_t id)
{
    for (unsigned i = 0; i < SLOTS; i++) {
        if (w.slots[i].tvm && w.slots[i].tvm->id == id)
            return w.slots[i].tvm;
    }
    fail_msg("there is no TVM 0x%llx", (unsigned long long)id);
    return NULL;
}

void cove_share_memory(void)
{
    for (uint32_t i = 0; i < HARTS; i++)
        assert_int_equal(CALL(i, NACL, 1, PAGE(AT_SHARED + 3 * i), 0, 0), SUCCESS);
}

uint64_t cove_build(uint64_t page)
{
    uint64_t id = cove_create(page);

    cove_share_memory();
    memset(cove_memory(PAGE(AT_SOURCE)), 0x5a, 4096);
    assert_int_equal(CALL(0, COVH, 9, id, GPA, 0x100000), SUCCESS);
    assert_int_equal(CALL(0, COVH, 10, id, PAGE(page + 16), 16), SUCCESS);
    assert_int_equal(CALL(0, COVH, 11, id, PAGE(AT_SOURCE), PAGE(page + 32), 0, 1, GPA), SUCCESS);
    assert_int_equal(CALL(0, COVH, 14, id, 0, PAGE(page + 33)), SUCCESS);
    assert_int_equal(CALL(0, COVH, 6, id, GPA, GPA + 0x800, 0), SUCCESS);
    return id;
}

void cove_exit(uint32_t hart, const struct hvrv_trap *trap)
{
    attach(hart);
    assert_int_equal(hvrv_tsm_exit(&w.tsm, hart, trap, &w.reply), HVRV_OK);
    model_hart_check(&w.model[hart]);
}

void cove_ecall(uint32_t hart, const uint64_t *registers)
{
    struct hvrv_vhart *vhart = &w.harts[hart].running->vhart;
    const struct hvrv_trap trap = {
        .scause = 10, .sepc = vhart->sepc, .sstatus = 0x200000100, .hstatus = 0x200000180};

    memcpy(&vhart->gpr[10], registers, 8 * sizeof(uint64_t));
    cove_exit(hart, &trap);
}

void cove_fault(uint32_t hart, uint64_t cause, uint64_t gpa)
{
    const struct hvrv_trap trap = {.scause = cause,
                                   .sepc = w.harts[hart].running->vhart.sepc,
                                   .sstatus = 0x200000100,
                                   .stval = gpa,
                                   .htval = gpa >> 2,
                                   .hstatus = 0x2000001c0};

    cove_exit(hart, &trap);
}
