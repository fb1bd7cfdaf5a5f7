/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Floating-point and vector registers at load and put. On riscv64 they are real ones, and the
 * length of a vector register is the machine's; on others only what is decided about them can be
 * seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/vhart/bind.h>

#include <model/hart.h>

#define HARTS      2
#define VLENB_MAX  1024
#define VILL       UINT64_C(0x8000000000000000)
#define FS_INITIAL UINT64_C(0x2000)
#define FS_CLEAN   UINT64_C(0x4000)
#define FS_DIRTY   UINT64_C(0x6000)
#define VS_INITIAL UINT64_C(0x200)
#define VS_CLEAN   UINT64_C(0x400)
#define VS_DIRTY   UINT64_C(0x600)
#define BARE       UINT64_C(0x200000100) /* sstatus: SPP, UXL; FS and VS Off */

static struct world {
    struct model_hart model[HARTS];
    struct hvrv_probe probe[HARTS];
    struct hvrv_bind bind[HARTS];
    struct hvrv_vm_slot slots[HARTS];
    struct hvrv_vm vm;
    struct hvrv_vhart a, b;
} w;

static _Alignas(8) uint8_t memory_a[32 * VLENB_MAX + 8], memory_b[32 * VLENB_MAX + 8];

/* Of the machine, if it has vectors. */
static uint16_t vlenb(void)
{
#if defined(__riscv)
    uint64_t bytes;
    __asm__("csrr %0, 0xc22" : "=r"(bytes));
    return (uint16_t)bytes;
#else
    return 64;
#endif
}

static int build(void **state)
{
    (void)state;
    memset(&w, 0, sizeof(w));
    assert_int_equal(hvrv_vm_init(&w.vm, 0x8000500000080200, w.slots, HARTS), HVRV_OK);
    for (uint32_t i = HARTS; i-- > 0;) {
        w.probe[i] = (struct hvrv_probe){
            .hgatp_modes = 0x101,
            .vsatp_modes = 0x101,
            .vmidlen = 14,
            .vlenb = vlenb(),
            .fp = true,
            .vector = true,
        };
        model_hart_init(&w.model[i]);
        assert_int_equal(hvrv_bind_init(&w.bind[i], &w.model[i].hart, &w.probe[i], i), HVRV_OK);
    }
    assert_int_equal(hvrv_vhart_init(&w.a, &w.vm), HVRV_OK);
    assert_int_equal(hvrv_vhart_init(&w.b, &w.vm), HVRV_OK);
    memset(memory_a, 0xa5, sizeof(memory_a));
    memset(memory_b, 0xa5, sizeof(memory_b));
    return 0;
}

static int check(void **state)
{
    (void)state;
    return model_hart_complaint(&w.model[0]) || model_hart_complaint(&w.model[1]) ? -1 : 0;
}

static void give_vector(struct hvrv_vhart *vhart, uint8_t *memory)
{
    assert_int_equal(
        hvrv_vhart_set_vector(vhart, memory, (uint64_t)32 * w.probe[0].vlenb, &w.probe[0]),
        HVRV_OK);
}

static void load(unsigned hart, struct hvrv_vhart *vhart)
{
    if (model_hart_attach)
        model_hart_attach(&w.model[hart]);
    assert_int_equal(hvrv_bind_load(&w.bind[hart], vhart), HVRV_OK);
}

static void put(unsigned hart)
{
    if (model_hart_attach)
        model_hart_attach(&w.model[hart]);
    assert_int_equal(hvrv_bind_put(&w.bind[hart]), HVRV_OK);
}

/* Refused, and nothing touched. */
static void refused(unsigned hart, struct hvrv_vhart *vhart, enum hvrv_status status)
{
    struct hvrv_vhart before = *vhart;
    if (model_hart_attach)
        model_hart_attach(&w.model[hart]);
    model_log_clear(&w.model[hart]);
    assert_int_equal(hvrv_bind_load(&w.bind[hart], vhart), status);
    assert_int_equal(w.model[hart].log_length, 0);
    assert_memory_equal(&before, vhart, sizeof(before));
    assert_null(w.bind[hart].loaded);
}

/* Giving a vHart vector registers ------------------------------------------------------- */

static void a_vhart_begins_without_vector_registers(void **state)
{
    (void)state;
    assert_null(w.a.vector.registers);
    assert_int_equal(w.a.vector.vlenb, 0);
    assert_int_equal(w.a.sstatus >> 9 & 3, 0);
    assert_int_equal(w.a.policy, HVRV_VHART_LAZY);
}

static void vector_registers_begin_as_at_reset(void **state)
{
    size_t bytes = (size_t)32 * vlenb();
    (void)state;
    w.a.vector.vl = w.a.vector.vstart = w.a.vector.vcsr = 3;
    give_vector(&w.a, memory_a);
    for (size_t i = 0; i < bytes; i++)
        assert_int_equal(memory_a[i], 0);
    assert_int_equal(memory_a[bytes], 0xa5);
    assert_true(w.a.vector.vtype == VILL);
    assert_int_equal(w.a.vector.vl, 0);
    assert_int_equal(w.a.vector.vstart, 0);
    assert_int_equal(w.a.vector.vcsr, 0);
    assert_int_equal(w.a.vector.vlenb, vlenb());
    assert_ptr_equal(w.a.vector.registers, memory_a);
    assert_int_equal(w.a.sstatus, BARE | FS_INITIAL | VS_INITIAL);
}

static void set_refused(uint8_t *memory, uint64_t size, enum hvrv_status status)
{
    struct hvrv_vhart before = w.a;
    assert_int_equal(hvrv_vhart_set_vector(&w.a, memory, size, &w.probe[0]), status);
    assert_memory_equal(&before, &w.a, sizeof(before));
    for (size_t i = 0; i < sizeof(memory_a); i++)
        assert_int_equal(memory_a[i], 0xa5);
}

static void memory_that_does_not_fit_is_refused(void **state)
{
    uint64_t size = (uint64_t)32 * vlenb();
    (void)state;
    set_refused(NULL, size, HVRV_ERR_NULL);
    assert_int_equal(hvrv_vhart_set_vector(NULL, memory_a, size, &w.probe[0]), HVRV_ERR_NULL);
    assert_int_equal(hvrv_vhart_set_vector(&w.a, memory_a, size, NULL), HVRV_ERR_NULL);
    for (unsigned offset = 1; offset < 8; offset++)
        set_refused(memory_a + offset, size, HVRV_ERR_ALIGN);
    set_refused(memory_a, 0, HVRV_ERR_RANGE);
    set_refused(memory_a, size - 1, HVRV_ERR_RANGE);
}

static void a_length_that_cannot_be_is_refused(void **state)
{
    static const uint16_t lengths[] = {0, 3, 24, 8191, 16384, 65535};
    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        w.probe[0].vlenb = lengths[i];
        set_refused(memory_a, UINT64_MAX, HVRV_ERR_UNSUPPORTED);
    }
    w.probe[0].vlenb = vlenb();
    w.probe[0].vector = false;
    set_refused(memory_a, UINT64_MAX, HVRV_ERR_UNSUPPORTED);
}

static void every_length_of_the_manual_can_be(void **state)
{
    static _Alignas(8) uint8_t large[32 * 8192 + 1];
    (void)state;
    for (uint16_t length = 4; length <= 8192; length = (uint16_t)(length * 2)) {
        memset(large, 0xa5, sizeof(large));
        w.probe[0].vlenb = length;
        assert_int_equal(hvrv_vhart_set_vector(&w.a, large, (uint64_t)32 * length, &w.probe[0]),
                         HVRV_OK);
        assert_int_equal(w.a.vector.vlenb, length);
        assert_int_equal(large[32 * length - 1], 0);
        assert_int_equal(large[32 * length], 0xa5);
    }
}

static void a_loaded_vhart_is_given_none(void **state)
{
    (void)state;
    load(0, &w.a);
    set_refused(memory_a, UINT64_MAX, HVRV_ERR_STATE);
    put(0);
}

/* Which vHart a hart can hold ------------------------------------------------------------ */

static void vectors_that_are_on_without_registers_are_refused(void **state)
{
    (void)state;
    for (uint64_t vs = VS_INITIAL; vs <= VS_DIRTY; vs += VS_INITIAL) {
        w.a.sstatus = BARE | vs;
        refused(0, &w.a, HVRV_ERR_ARGUMENT);
    }
    w.a.sstatus = BARE;
    load(0, &w.a);
    assert_int_equal(w.a.sstatus, BARE);
    put(0);
}

static void a_vhart_does_not_go_to_a_hart_of_another_length(void **state)
{
    (void)state;
    give_vector(&w.a, memory_a);
    for (uint16_t length = 1; length <= 8192; length = (uint16_t)(length * 2)) {
        w.probe[1].vlenb = length;
        if (length != vlenb())
            refused(1, &w.a, HVRV_ERR_UNSUPPORTED);
    }
    w.a.sstatus = BARE; /* Off or not: the guest may have seen vlenb */
    refused(1, &w.a, HVRV_ERR_UNSUPPORTED);
    load(0, &w.a);
    put(0);
    w.probe[1].vlenb = vlenb();
    load(1, &w.a);
    put(1);
}

static void a_vhart_with_vectors_does_not_go_to_a_hart_without(void **state)
{
    (void)state;
    give_vector(&w.a, memory_a);
    w.probe[0].vector = false;
    refused(0, &w.a, HVRV_ERR_UNSUPPORTED);
    w.probe[0].vector = true;
    w.probe[0].vlenb = 0;
    w.a.vector.vlenb = 0; /* equal, but no length */
    refused(0, &w.a, HVRV_ERR_UNSUPPORTED);
    load(0, &w.b); /* it has none to lose */
    put(0);
}

static void a_hart_without_floating_point_takes_a_vhart_that_never_used_it(void **state)
{
    (void)state;
    w.probe[0].fp = false;
    w.a.sstatus = BARE | FS_INITIAL;
    load(0, &w.a);
    assert_int_equal(w.a.sstatus, BARE); /* Off: with F alone nobody would save */
    w.a.sstatus |= FS_DIRTY;             /* and whatever anybody writes there */
    put(0);
    w.a.sstatus = BARE | FS_CLEAN;
    refused(0, &w.a, HVRV_ERR_UNSUPPORTED);
    w.a.sstatus = BARE | FS_DIRTY;
    refused(0, &w.a, HVRV_ERR_UNSUPPORTED);
    load(1, &w.a);
    put(1);
}

static void a_policy_that_is_none_is_refused(void **state)
{
    (void)state;
    w.a.policy = (enum hvrv_vhart_policy)2;
    refused(0, &w.a, HVRV_ERR_ARGUMENT);
    w.a.policy = (enum hvrv_vhart_policy) - 1;
    refused(0, &w.a, HVRV_ERR_ARGUMENT);
}

/* FS and VS ------------------------------------------------------------------------------- */

/* norm:vsstatus_fs_op, norm:vsstatus_vs_op: each field by itself. */
static void what_is_off_stays_off_and_all_else_is_clean(void **state)
{
    (void)state;
    give_vector(&w.a, memory_a);
    for (unsigned policy = 0; policy < 2; policy++) {
        for (uint64_t fs = 0; fs < 4; fs++) {
            for (uint64_t vs = 0; vs < 4; vs++) {
                uint64_t clean = BARE | (fs ? FS_CLEAN : 0) | (vs ? VS_CLEAN : 0);
                model_log_clear(&w.model[0]);
                w.a.policy = (enum hvrv_vhart_policy)policy;
                w.a.sstatus = BARE | fs << 13 | vs << 9;
                load(0, &w.a);
                assert_int_equal(w.a.sstatus, clean);
                w.a.sstatus = BARE | (fs ? FS_DIRTY : 0) | (vs ? VS_DIRTY : 0);
                put(0);
                assert_int_equal(w.a.sstatus, clean);
            }
        }
    }
}

static void the_hosts_own_fields_are_kept(void **state)
{
    struct model_hart *model = &w.model[0];
    (void)state;
    give_vector(&w.a, memory_a);
    w.a.policy = HVRV_VHART_EAGER;
    for (uint64_t fields = 0; fields < 16; fields++) {
        uint64_t host = 0x200040000 | (fields & 3) << 13 | fields >> 2 << 9;
        if ((fields & 3) == 3 || fields >> 2 == 3)
            host |= UINT64_C(1) << 63; /* SD */
        model_poke(model, HVRV_CSR_SSTATUS, host);
        w.a.sstatus = BARE | FS_DIRTY | VS_DIRTY;
        load(0, &w.a);
        assert_true(w.a.host.sstatus == host);
        assert_true(model_peek(model, HVRV_CSR_SSTATUS) == host);
        w.a.sstatus = BARE | FS_DIRTY | VS_DIRTY;
        put(0);
        assert_true(model_peek(model, HVRV_CSR_SSTATUS) == host);
    }
}

/* norm:vsstatus_vs_op: the guest writes its own copy as it likes, and gets nothing by it. */
static void the_guests_own_fields_turn_nothing_on(void **state)
{
    (void)state;
    give_vector(&w.a, memory_a);
    w.a.csr.vsstatus = 0x200000000;
    load(0, &w.a);
    assert_int_equal(w.a.sstatus, BARE | FS_CLEAN | VS_CLEAN);
    model_poke(&w.model[0], HVRV_CSR_VSSTATUS, 0x8000000200006600);
    put(0);
    assert_true(w.a.csr.vsstatus == UINT64_C(0x8000000200006600));
    assert_int_equal(w.a.sstatus, BARE | FS_CLEAN | VS_CLEAN);
    w.a.sstatus = BARE;
    load(0, &w.a);
    assert_true(model_peek(&w.model[0], HVRV_CSR_VSSTATUS) == UINT64_C(0x8000000200006600));
    assert_int_equal(w.a.sstatus, BARE);
    put(0);
}

static void vectors_can_be_turned_on_later(void **state)
{
    (void)state;
    assert_int_equal(hvrv_bind_enable_vector(NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_bind_enable_vector(&w.bind[0]), HVRV_ERR_STATE);
    load(0, &w.a);
    assert_int_equal(hvrv_bind_enable_vector(&w.bind[0]), HVRV_ERR_MISSING);
    w.probe[0].vector = false;
    assert_int_equal(hvrv_bind_enable_vector(&w.bind[0]), HVRV_ERR_UNSUPPORTED);
    w.probe[0].vector = true;
    assert_int_equal(w.a.sstatus >> 9 & 3, 0);
    put(0);
    give_vector(&w.a, memory_a);
    w.a.sstatus = BARE;
    load(0, &w.a);
    assert_int_equal(hvrv_bind_enable_vector(&w.bind[0]), HVRV_OK);
    assert_int_equal(w.a.sstatus, BARE | VS_CLEAN);
    w.a.sstatus |= VS_DIRTY;
    assert_int_equal(hvrv_bind_enable_vector(&w.bind[0]), HVRV_OK);
    assert_int_equal(w.a.sstatus, BARE | VS_DIRTY);
    put(0);
    assert_int_equal(w.a.sstatus, BARE | VS_CLEAN);
}

static void a_floating_point_register_is_found_where_it_is(void **state)
{
    (void)state;
    w.a.sstatus = BARE | FS_INITIAL;
    for (unsigned i = 0; i < 32; i++)
        w.a.fp.f[i] = 100 + i;
    load(0, &w.a);
    for (unsigned i = 0; i < 32; i++)
        assert_int_equal(hvrv_vhart_read_f(&w.a, i), 100 + i);
    assert_int_equal(w.a.sstatus, BARE | FS_CLEAN);
    hvrv_vhart_write_f(&w.a, 32 + 31, 7); /* higher bits are ignored */
    assert_int_equal(hvrv_vhart_read_f(&w.a, 64 + 31), 7);
    assert_int_equal(w.a.sstatus, BARE | FS_DIRTY);
    assert_int_equal(hvrv_vhart_read_f(&w.a, 31), 7);
    put(0);
    assert_int_equal(w.a.fp.f[31], 7);
    assert_int_equal(w.a.fp.f[30], 130);
    hvrv_vhart_write_f(&w.a, 30, 8);
    assert_int_equal(w.a.sstatus, BARE | FS_CLEAN);
    w.a.sstatus = BARE; /* Off: it waits in memory */
    load(0, &w.a);
    hvrv_vhart_write_f(&w.a, 29, 9);
    assert_int_equal(w.a.sstatus, BARE);
    assert_int_equal(hvrv_vhart_read_f(&w.a, 29), 9);
    assert_int_equal(hvrv_bind_enable_fp(&w.bind[0]), HVRV_OK);
    assert_int_equal(hvrv_vhart_read_f(&w.a, 29), 9);
    assert_int_equal(hvrv_vhart_read_f(&w.a, 30), 8);
    put(0);
}

/* Real registers --------------------------------------------------------------------------- */

#if defined(__riscv)
/* All of a vHart's state begins with a pattern of its own. */
static void fill(struct hvrv_vhart *vhart, uint8_t *memory, uint8_t pattern)
{
    give_vector(vhart, memory);
    memset(memory, pattern, (size_t)32 * vlenb());
    vhart->vector.vtype = 0xc0 | (pattern & 3) << 3;
    vhart->vector.vl = vhart->vector.vstart = 1;
    vhart->vector.vcsr = pattern & 7;
    memset(vhart->fp.f, pattern, sizeof(vhart->fp.f));
    vhart->fp.fcsr = pattern & 0x1f;
}

static void assert_filled(const struct hvrv_vhart *vhart, const uint8_t *memory, uint8_t pattern)
{
    for (size_t i = 0; i < (size_t)32 * vlenb(); i++)
        assert_int_equal(memory[i], pattern);
    assert_int_equal(vhart->vector.vtype, 0xc0 | (pattern & 3) << 3);
    assert_int_equal(vhart->vector.vl, 1);
    assert_int_equal(vhart->vector.vstart, 1);
    assert_int_equal(vhart->vector.vcsr, pattern & 7);
    for (unsigned i = 0; i < 32; i++)
        assert_true(vhart->fp.f[i] == pattern * UINT64_C(0x0101010101010101));
    assert_int_equal(vhart->fp.fcsr, pattern & 0x1f);
}

static void forget(struct hvrv_vhart *vhart, uint8_t *memory)
{
    memset(memory, 0xee, (size_t)32 * vlenb());
    memset(&vhart->fp, 0xee, sizeof(vhart->fp));
    vhart->vector.vtype = vhart->vector.vl = vhart->vector.vstart = vhart->vector.vcsr = 0xee;
}

/* What the hart holds. */
static struct hvrv_vhart_fp hart_fp;
static struct hvrv_vhart_vector hart_vector;
static _Alignas(8) uint8_t hart_memory[32 * VLENB_MAX];

static void look_at_the_hart(void)
{
    hart_vector = (struct hvrv_vhart_vector){.vlenb = vlenb(), .registers = hart_memory};
    hvrv_vhart_fp_save(&hart_fp);
    hvrv_vhart_vector_save(&hart_vector);
}

static void what_the_guest_changed_is_stored(void **state)
{
    (void)state;
    fill(&w.a, memory_a, 0x5a);
    load(0, &w.a);
    forget(&w.a, memory_a);
    w.a.sstatus = BARE | FS_DIRTY | VS_DIRTY;
    put(0);
    assert_filled(&w.a, memory_a, 0x5a);
}

static void what_the_guest_did_not_change_is_not_stored(void **state)
{
    (void)state;
    fill(&w.a, memory_a, 0x5a);
    load(0, &w.a);
    forget(&w.a, memory_a);
    w.a.sstatus = BARE | FS_CLEAN | VS_DIRTY;
    put(0);
    assert_int_equal(memory_a[0], 0x5a);
    assert_int_equal(w.a.fp.f[0], 0xeeeeeeeeeeeeeeee);
    fill(&w.a, memory_a, 0x3c);
    load(0, &w.a);
    forget(&w.a, memory_a);
    w.a.sstatus = BARE | FS_DIRTY | VS_CLEAN;
    put(0);
    assert_int_equal(memory_a[0], 0xee);
    assert_int_equal(w.a.vector.vl, 0xee);
    assert_true(w.a.fp.f[0] == 0x3c3c3c3c3c3c3c3c);
}

/* QEMU makes only vsstatus.FS and VS Dirty where a guest wrote nothing but fcsr, vcsr or vstart. */
static void what_only_vsstatus_tells_of_is_stored(void **state)
{
    (void)state;
    fill(&w.a, memory_a, 0x5a);
    load(0, &w.a);
    forget(&w.a, memory_a);
    model_poke(&w.model[0], HVRV_CSR_VSSTATUS, 0x200006400);
    put(0);
    assert_int_equal(memory_a[0], 0xee);
    assert_true(w.a.fp.f[0] == 0x5a5a5a5a5a5a5a5a);
    fill(&w.a, memory_a, 0x3c);
    load(0, &w.a);
    forget(&w.a, memory_a);
    model_poke(&w.model[0], HVRV_CSR_VSSTATUS, 0x200004600);
    put(0);
    assert_int_equal(memory_a[0], 0x3c);
    assert_int_equal(w.a.fp.f[0], 0xeeeeeeeeeeeeeeee);
}

/* The eager policy does not trust FS and VS, and leaves nothing behind. */
static void eagerly_all_is_stored_and_nothing_stays(void **state)
{
    static const uint8_t zeros[32 * VLENB_MAX];
    (void)state;
    fill(&w.a, memory_a, 0x5a);
    w.a.policy = HVRV_VHART_EAGER;
    load(0, &w.a);
    forget(&w.a, memory_a);
    w.a.sstatus = BARE | FS_CLEAN | VS_CLEAN;
    put(0);
    assert_filled(&w.a, memory_a, 0x5a);
    look_at_the_hart();
    assert_memory_equal(hart_memory, zeros, (size_t)32 * vlenb());
    assert_memory_equal(&hart_fp, zeros, sizeof(hart_fp));
    assert_true(hart_vector.vtype == VILL);
    assert_int_equal(hart_vector.vl | hart_vector.vstart | hart_vector.vcsr, 0);
}

static void what_is_off_is_neither_loaded_nor_stored_nor_cleared(void **state)
{
    (void)state;
    fill(&w.a, memory_a, 0x5a);
    fill(&w.b, memory_b, 0x3c);
    load(0, &w.a);
    put(0);
    w.b.policy = HVRV_VHART_EAGER;
    w.b.sstatus = BARE;
    load(0, &w.b);
    put(0);
    assert_filled(&w.b, memory_b, 0x3c);
    look_at_the_hart();
    assert_int_equal(hart_memory[0], 0x5a);
    assert_true(hart_fp.f[0] == 0x5a5a5a5a5a5a5a5a);
}

/* norm:vsstatus_fs_op, norm:vsstatus_vs_op */
static void one_guest_never_has_the_registers_of_another(void **state)
{
    (void)state;
    fill(&w.a, memory_a, 0x5a);
    fill(&w.b, memory_b, 0x3d);
    for (unsigned turn = 0; turn < 8; turn++) {
        w.a.policy = (enum hvrv_vhart_policy)(turn & 1);
        w.b.policy = (enum hvrv_vhart_policy)(turn >> 1 & 1);
        load(turn >> 2, &w.a);
        look_at_the_hart();
        assert_int_equal(hart_memory[32 * vlenb() - 1], 0x5a);
        assert_true(hart_fp.f[31] == 0x5a5a5a5a5a5a5a5a);
        w.a.sstatus |= FS_DIRTY | VS_DIRTY;
        put(turn >> 2);
        load(turn >> 2, &w.b);
        look_at_the_hart();
        assert_int_equal(hart_memory[0], 0x3d);
        assert_true(hart_fp.f[0] == 0x3d3d3d3d3d3d3d3d);
        w.b.sstatus |= FS_DIRTY | VS_DIRTY;
        put(turn >> 2);
        assert_filled(&w.a, memory_a, 0x5a);
        assert_filled(&w.b, memory_b, 0x3d);
    }
}

/* Before VS is on, or the guest would see what another left. */
static void turned_on_later_the_registers_are_its_own(void **state)
{
    (void)state;
    fill(&w.a, memory_a, 0x5a);
    fill(&w.b, memory_b, 0x3d);
    load(0, &w.a);
    put(0);
    w.b.sstatus = BARE;
    load(0, &w.b);
    assert_int_equal(hvrv_bind_enable_vector(&w.bind[0]), HVRV_OK);
    look_at_the_hart();
    assert_int_equal(hart_memory[0], 0x3d);
    assert_true(hart_fp.f[0] == 0x5a5a5a5a5a5a5a5a);
    assert_int_equal(hvrv_bind_enable_fp(&w.bind[0]), HVRV_OK);
    look_at_the_hart();
    assert_true(hart_fp.f[0] == 0x3d3d3d3d3d3d3d3d);
    put(0);
}
#endif

#define TEST(name) cmocka_unit_test_setup_teardown(name, build, check)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_vhart_begins_without_vector_registers),
        TEST(vector_registers_begin_as_at_reset),
        TEST(memory_that_does_not_fit_is_refused),
        TEST(a_length_that_cannot_be_is_refused),
        TEST(every_length_of_the_manual_can_be),
        TEST(a_loaded_vhart_is_given_none),
        TEST(vectors_that_are_on_without_registers_are_refused),
        TEST(a_vhart_does_not_go_to_a_hart_of_another_length),
        TEST(a_vhart_with_vectors_does_not_go_to_a_hart_without),
        TEST(a_hart_without_floating_point_takes_a_vhart_that_never_used_it),
        TEST(a_policy_that_is_none_is_refused),
        TEST(what_is_off_stays_off_and_all_else_is_clean),
        TEST(the_hosts_own_fields_are_kept),
        TEST(the_guests_own_fields_turn_nothing_on),
        TEST(vectors_can_be_turned_on_later),
        TEST(a_floating_point_register_is_found_where_it_is),
#if defined(__riscv)
        TEST(what_the_guest_changed_is_stored),
        TEST(what_the_guest_did_not_change_is_not_stored),
        TEST(what_only_vsstatus_tells_of_is_stored),
        TEST(eagerly_all_is_stored_and_nothing_stays),
        TEST(what_is_off_is_neither_loaded_nor_stored_nor_cleared),
        TEST(one_guest_never_has_the_registers_of_another),
        TEST(turned_on_later_the_registers_are_its_own),
#endif
    };

    return cmocka_run_group_tests_name("vhart/bind_state", tests, NULL, NULL);
}
