/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/port/phys.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* One word behind the port, and what the port was asked last. */
struct port {
    uint64_t word;
    uint64_t hpa;
    unsigned loads, stores, swaps;
    bool refuses;
};

static bool load(void *context, hvrv_hpa hpa, uint64_t *value)
{
    struct port *port = context;

    port->loads++;
    port->hpa = hpa.v;
    *value = port->refuses ? 0x5a5a : port->word;
    return !port->refuses;
}

static bool store(void *context, hvrv_hpa hpa, uint64_t value)
{
    struct port *port = context;

    port->stores++;
    port->hpa = hpa.v;
    if (!port->refuses)
        port->word = value;
    return !port->refuses;
}

static bool compare_and_swap(void *context, hvrv_hpa hpa, uint64_t *expected, uint64_t desired)
{
    struct port *port = context;

    port->swaps++;
    port->hpa = hpa.v;
    if (port->refuses) {
        *expected = 0x5a5a;
        return false;
    }
    if (port->word == *expected)
        port->word = desired;
    else
        *expected = port->word;
    return true;
}

static const struct hvrv_phys_ops ops = {load, store, compare_and_swap};

static _Alignas(4096) uint64_t window[1024]; /* 8 KiB */

static struct hvrv_phys make(uint64_t base, uint64_t size, struct port *port)
{
    struct hvrv_phys_config config = {.window = window,
                                      .window_base = {base},
                                      .window_size = size,
                                      .ops = port ? &ops : NULL,
                                      .context = port};
    struct hvrv_phys phys;

    assert_int_equal(hvrv_phys_init(&phys, &config), HVRV_OK);
    return phys;
}

/* Nothing may be read, written or swapped. */
static void assert_refuses(const struct hvrv_phys *phys, uint64_t hpa)
{
    uint64_t value = 0x77, expected = 0x88;

    assert_int_equal(hvrv_phys_load(phys, hvrv_hpa_make(hpa), &value), HVRV_ERR_ACCESS);
    assert_int_equal(value, 0);
    assert_int_equal(hvrv_phys_store(phys, hvrv_hpa_make(hpa), 1), HVRV_ERR_ACCESS);
    assert_int_equal(hvrv_phys_compare_and_swap(phys, hvrv_hpa_make(hpa), &expected, 1),
                     HVRV_ERR_ACCESS);
    assert_int_equal(expected, 0x88);
}

static void the_window_is_plain_memory_at_an_hpa(void **state)
{
    static const uint64_t bases[] = {0, 0x2000, 0x80000000, 0x00ffffffffffe000};
    (void)state;

    for (size_t i = 0; i < LENGTH(bases); i++) {
        struct hvrv_phys phys = make(bases[i], 0x2000, NULL);
        uint64_t value, expected;

        memset(window, 0, sizeof(window));
        assert_int_equal(hvrv_phys_store(&phys, hvrv_hpa_make(bases[i] + 0x1ff8), 42), HVRV_OK);
        assert_int_equal(window[1023], 42);
        assert_int_equal(hvrv_phys_load(&phys, hvrv_hpa_make(bases[i] + 0x1ff8), &value), HVRV_OK);
        assert_int_equal(value, 42);
        window[0] = UINT64_MAX;
        assert_int_equal(hvrv_phys_load(&phys, hvrv_hpa_make(bases[i]), &value), HVRV_OK);
        assert_int_equal(value, UINT64_MAX);
        expected = 42;
        assert_int_equal(
            hvrv_phys_compare_and_swap(&phys, hvrv_hpa_make(bases[i] + 0x1ff8), &expected, 43),
            HVRV_OK);
        assert_int_equal(window[1023], 43);
        assert_int_equal(expected, 42);
        assert_true(hvrv_phys_is_direct(&phys, hvrv_hpa_make(bases[i] + 8)));
        assert_ptr_equal(hvrv_phys_pointer(&phys, hvrv_hpa_make(bases[i] + 8)), &window[1]);
    }
}

static void a_swap_that_comes_too_late_tells_what_is_there(void **state)
{
    struct hvrv_phys phys = make(0x80000000, 0x2000, NULL);
    uint64_t expected = 1;
    (void)state;

    window[5] = 7;
    assert_int_equal(hvrv_phys_compare_and_swap(&phys, hvrv_hpa_make(0x80000028), &expected, 9),
                     HVRV_ERR_RACE);
    assert_int_equal(expected, 7);
    assert_int_equal(window[5], 7);
}

static void outside_the_window_the_port_decides(void **state)
{
    static const uint64_t outside[] = {0x80002000,         0x7ffffff8,         0,
                                       0x0080000080000000, 0xfffffffffffffff8, 0x8000000080000000};
    (void)state;

    for (size_t i = 0; i < LENGTH(outside); i++) {
        struct port port = {.word = 11};
        struct hvrv_phys phys = make(0x80000000, 0x2000, &port);
        hvrv_hpa hpa = {outside[i]};
        uint64_t value, expected = 11;

        assert_false(hvrv_phys_is_direct(&phys, hpa));
        assert_int_equal(hvrv_phys_load(&phys, hpa, &value), HVRV_OK);
        assert_int_equal(value, 11);
        assert_int_equal(port.hpa, outside[i]);
        assert_int_equal(hvrv_phys_compare_and_swap(&phys, hpa, &expected, 12), HVRV_OK);
        assert_int_equal(port.word, 12);
        assert_int_equal(hvrv_phys_compare_and_swap(&phys, hpa, &expected, 13), HVRV_ERR_RACE);
        assert_int_equal(expected, 12);
        assert_int_equal(port.word, 12);
        assert_int_equal(hvrv_phys_store(&phys, hpa, 14), HVRV_OK);
        assert_int_equal(port.word, 14);
        assert_int_equal(port.loads, 1);
        assert_int_equal(port.stores, 1);
        assert_int_equal(port.swaps, 2);
        port.refuses = true;
        assert_refuses(&phys, outside[i]);
        assert_int_equal(port.word, 14);
    }
}

static void inside_the_window_the_port_is_not_asked(void **state)
{
    struct port port = {.refuses = true};
    struct hvrv_phys phys = make(0x80000000, 0x1000, &port);
    uint64_t value, expected = 0;
    (void)state;

    window[511] = 0;
    assert_int_equal(hvrv_phys_load(&phys, hvrv_hpa_make(0x80000ff8), &value), HVRV_OK);
    assert_int_equal(hvrv_phys_store(&phys, hvrv_hpa_make(0x80000ff8), 0), HVRV_OK);
    assert_int_equal(hvrv_phys_compare_and_swap(&phys, hvrv_hpa_make(0x80000ff8), &expected, 1),
                     HVRV_OK);
    assert_int_equal(port.loads + port.stores + port.swaps, 0);
    assert_int_equal(hvrv_phys_load(&phys, hvrv_hpa_make(0x80001000), &value), HVRV_ERR_ACCESS);
    assert_int_equal(port.loads, 1);
}

static void without_a_port_all_else_is_refused(void **state)
{
    struct hvrv_phys phys = make(0x80000000, 0x2000, NULL);
    struct hvrv_phys none = make(0, 0, NULL);
    (void)state;

    assert_refuses(&phys, 0x80002000);
    assert_refuses(&phys, 0x7ffffff8);
    assert_refuses(&none, 0);
    assert_refuses(&none, 0xfffffffffffffff8);
}

static void an_access_must_be_aligned(void **state)
{
    struct port port = {0};
    struct hvrv_phys phys = make(0x80000000, 0x2000, &port);
    (void)state;

    for (unsigned i = 1; i < 8; i++) {
        uint64_t hpas[] = {0x80000000 + i, 0x90000000 + i};

        for (unsigned n = 0; n < 2; n++) {
            uint64_t value = 0x77, expected = 0x88;

            assert_int_equal(hvrv_phys_load(&phys, hvrv_hpa_make(hpas[n]), &value), HVRV_ERR_ALIGN);
            assert_int_equal(value, 0);
            assert_int_equal(hvrv_phys_store(&phys, hvrv_hpa_make(hpas[n]), 1), HVRV_ERR_ALIGN);
            assert_int_equal(
                hvrv_phys_compare_and_swap(&phys, hvrv_hpa_make(hpas[n]), &expected, 1),
                HVRV_ERR_ALIGN);
            assert_int_equal(expected, 0x88);
        }
    }
    assert_int_equal(port.loads + port.stores + port.swaps, 0);
}

static void null_pointers_are_a_status(void **state)
{
    struct hvrv_phys phys = make(0x80000000, 0x2000, NULL);
    hvrv_hpa hpa = {0x80000000};
    uint64_t value = 0x77;
    (void)state;

    assert_int_equal(hvrv_phys_load(&phys, hpa, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_phys_load(NULL, hpa, &value), HVRV_ERR_NULL);
    assert_int_equal(value, 0);
    assert_int_equal(hvrv_phys_store(NULL, hpa, 1), HVRV_ERR_NULL);
    assert_int_equal(hvrv_phys_compare_and_swap(&phys, hpa, NULL, 1), HVRV_ERR_NULL);
    assert_int_equal(hvrv_phys_compare_and_swap(NULL, hpa, &value, 1), HVRV_ERR_NULL);
}

static void a_view_that_cannot_be_is_refused_and_refuses_everything(void **state)
{
    static const struct hvrv_phys_ops no_load = {NULL, store, compare_and_swap};
    static const struct hvrv_phys_ops no_store = {load, NULL, compare_and_swap};
    static const struct hvrv_phys_ops no_swap = {load, store, NULL};
    const struct {
        struct hvrv_phys_config config;
        enum hvrv_status status;
    } rows[] = {
        {{.window = window, .window_base = {0x3000}, .window_size = 0x3000}, HVRV_ERR_ARGUMENT},
        {{.window = window, .window_size = 0x800}, HVRV_ERR_ARGUMENT},
        {{.window = window, .window_size = 8}, HVRV_ERR_ARGUMENT},
        {{.window = window, .window_size = 1}, HVRV_ERR_ARGUMENT},
        {{.window = window, .window_size = 0x0200000000000000}, HVRV_ERR_ARGUMENT},
        {{.window = window, .window_size = 0x8000000000000000}, HVRV_ERR_ARGUMENT},
        {{.window = window, .window_size = UINT64_MAX}, HVRV_ERR_ARGUMENT},
        {{.window = window, .window_base = {0x1000}, .window_size = 0x2000}, HVRV_ERR_ALIGN},
        {{.window = window, .window_base = {0x8}, .window_size = 0x1000}, HVRV_ERR_ALIGN},
        {{.window = (char *)window + 4, .window_size = 0x1000}, HVRV_ERR_ALIGN},
        {{.window = (char *)window + 1, .window_size = 0x1000}, HVRV_ERR_ALIGN},
        {{.window = window, .window_base = {0x0100000000000000}, .window_size = 0x1000},
         HVRV_ERR_RANGE},
        {{.window = window, .window_base = {0xfffffffffffff000}, .window_size = 0x1000},
         HVRV_ERR_RANGE},
        {{.window = NULL, .window_base = {0x80000000}, .window_size = 0x1000}, HVRV_ERR_NULL},
        {{.ops = &no_load}, HVRV_ERR_NULL},
        {{.ops = &no_store}, HVRV_ERR_NULL},
        {{.ops = &no_swap}, HVRV_ERR_NULL},
    };
    (void)state;

    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct hvrv_phys phys;

        memset(&phys, 0, sizeof(phys));
        assert_int_equal(hvrv_phys_init(&phys, &rows[i].config), rows[i].status);
        assert_refuses(&phys, 0);
        assert_refuses(&phys, 0x80000000);
    }
    struct hvrv_phys phys = make(0x80000000, 0x2000, NULL);
    assert_int_equal(hvrv_phys_init(&phys, NULL), HVRV_ERR_NULL);
    assert_refuses(&phys, 0x80000000);
    assert_int_equal(hvrv_phys_init(NULL, &rows[0].config), HVRV_ERR_NULL);
}

/* All of physical memory at an offset: base 0 and size 2^56. */
static void the_largest_window_holds_every_hpa(void **state)
{
    struct hvrv_phys_config config = {.window = window, .window_size = 0x0100000000000000};
    struct hvrv_phys phys;
    (void)state;

    assert_int_equal(hvrv_phys_init(&phys, &config), HVRV_OK);
    assert_true(hvrv_phys_is_direct(&phys, hvrv_hpa_make(0)));
    assert_true(hvrv_phys_is_direct(&phys, hvrv_hpa_make(0x00fffffffffffff8)));
    assert_false(hvrv_phys_is_direct(&phys, hvrv_hpa_make(0x0100000000000000)));
    assert_false(hvrv_phys_is_direct(&phys, hvrv_hpa_make(0xfffffffffffffff8)));
    assert_ptr_equal(hvrv_phys_pointer(&phys, hvrv_hpa_make(16)), &window[2]);
}

/* Where memory is mapped one to one from 0 on, the window's pointer is null and right. */
static void a_window_at_hpa_0_may_be_seen_at_address_0(void **state)
{
    struct hvrv_phys_config config = {.window = NULL, .window_size = 0x0100000000000000};
    struct hvrv_phys phys;
    uint64_t value = 0;
    (void)state;

    window[3] = 99;
    assert_int_equal(hvrv_phys_init(&phys, &config), HVRV_OK);
    assert_int_equal(hvrv_phys_load(&phys, hvrv_hpa_make((uintptr_t)&window[3]), &value), HVRV_OK);
    assert_int_equal(value, 99);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_window_is_plain_memory_at_an_hpa),
        cmocka_unit_test(a_swap_that_comes_too_late_tells_what_is_there),
        cmocka_unit_test(outside_the_window_the_port_decides),
        cmocka_unit_test(inside_the_window_the_port_is_not_asked),
        cmocka_unit_test(without_a_port_all_else_is_refused),
        cmocka_unit_test(an_access_must_be_aligned),
        cmocka_unit_test(null_pointers_are_a_status),
        cmocka_unit_test(a_view_that_cannot_be_is_refused_and_refuses_everything),
        cmocka_unit_test(the_largest_window_holds_every_hpa),
        cmocka_unit_test(a_window_at_hpa_0_may_be_seen_at_address_0),
    };

    return cmocka_run_group_tests_name("port/phys", tests, NULL, NULL);
}
