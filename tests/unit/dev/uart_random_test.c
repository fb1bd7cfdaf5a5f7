/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random accesses and bytes against a model (model/uart_model.h). After each operation the line,
 * the room, and what was sent are what the model says, and now and then every register is.
 * HVRV_DEV_SEED and HVRV_DEV_OPS in the environment choose what is run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <hvrv/dev/uart.h>

#include "model/uart_model.h"

#define SEED        20261123
#define OPS         (1UL << 18)
#define OPS_A_WORLD 4096

static struct {
    uint64_t random;
    struct hvrv_uart uart;
    struct uart_model model;
    unsigned long sent;
    uint8_t last;
} world;

static struct {
    unsigned long sent, received, overruns, interrupts[16], refused;
} seen;

static unsigned draw(unsigned below)
{
    world.random ^= world.random << 13;
    world.random ^= world.random >> 7;
    world.random ^= world.random << 17;
    return (unsigned)((world.random >> 20) % below);
}

static unsigned long from_environment(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);

    return text ? strtoul(text, NULL, 0) : otherwise;
}

static void transmit(void *context, uint8_t byte)
{
    assert_ptr_equal(context, &world);
    world.sent++;
    world.last = byte;
    seen.sent++;
}

static uint8_t load(unsigned offset)
{
    uint64_t value;

    assert_int_equal(hvrv_uart_read(&world.uart, offset, 1, &value), HVRV_OK);
    assert_int_equal(value, uart_model_load(&world.model, offset));
    return (uint8_t)value;
}

static void store(unsigned offset, uint8_t value)
{
    assert_int_equal(hvrv_uart_write(&world.uart, offset, 1, value), HVRV_OK);
    uart_model_store(&world.model, offset, value);
}

/* Values that a driver would write, or any. LCR rarely keeps DLAB, MCR rarely the loop. */
static void write_some(void)
{
    static const uint8_t fcr[] = {0, 1, 1, 1, 3, 7, 0x41, 0x81, 0xc1, 6, 0xc7};
    unsigned offset = draw(8);
    uint8_t value = (uint8_t)draw(256);

    if (offset == 2 && draw(4))
        value = fcr[draw(sizeof fcr)];
    if (offset == 3 && draw(4))
        value &= 0x7f;
    if (offset == 4 && draw(2))
        value &= 0x0f;
    store(offset, value);
}

static void read_some(void)
{
    unsigned offset = draw(8);
    uint8_t value = load(offset);

    if (offset == 2)
        seen.interrupts[value & 15]++;
    if (offset == 5)
        seen.overruns += value >> 1 & 1;
}

static void receive_some(void)
{
    for (unsigned i = draw(2) ? 1 : draw(20); i > 0; i--) {
        uint8_t byte = (uint8_t)draw(256);

        assert_int_equal(hvrv_uart_receive(&world.uart, byte), HVRV_OK);
        uart_model_receive(&world.model, byte);
        seen.received++;
    }
}

static void be_refused(void)
{
    static const unsigned sizes[] = {0, 1, 2, 4, 8};
    unsigned size = sizes[draw(5)];
    uint64_t offset = draw(16) + (size == 1 ? 8 : 0), value = 1;
    enum hvrv_status status = size == 1 ? HVRV_ERR_RANGE : HVRV_ERR_ARGUMENT;

    assert_int_equal(hvrv_uart_read(&world.uart, offset, size, &value), status);
    assert_int_equal(value, 0);
    assert_int_equal(hvrv_uart_write(&world.uart, offset, size, draw(256)), status);
    seen.refused++;
}

static void operate(void)
{
    unsigned kind = draw(100);

    if (kind < 40)
        write_some();
    else if (kind < 82)
        read_some();
    else if (kind < 95)
        receive_some();
    else if (kind < 97)
        be_refused();
    else
        store(3, 0x03), store(4, 0x0b), store(2, 0x01);
}

static void compare(void)
{
    assert_int_equal(hvrv_uart_is_pending(&world.uart), uart_model_interrupts(&world.model));
    assert_int_equal(hvrv_uart_has_room(&world.uart), uart_model_has_room(&world.model));
    assert_int_equal(world.sent, world.model.sent);
    assert_int_equal(world.last, world.model.last);
}

static void begin(void)
{
    assert_int_equal(hvrv_uart_init(&world.uart, transmit, &world), HVRV_OK);
    uart_model_init(&world.model);
    world.sent = 0;
    world.last = 0;
}

static void random_operations_do_what_the_model_says(void **state)
{
    unsigned long seed = from_environment("HVRV_DEV_SEED", SEED);
    unsigned long ops = from_environment("HVRV_DEV_OPS", OPS);

    (void)state;
    printf("uart_random: seed %lu, %lu operations\n", seed, ops);
    world.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    for (unsigned long op = 0; op < ops; op++) {
        if (op % OPS_A_WORLD == 0)
            begin();
        operate();
        compare();
        for (unsigned offset = 0; offset < 8 && op % 1024 == 0; offset++)
            (void)load(offset);
    }
    printf("uart_random: %lu sent, %lu received, %lu overruns, %lu refused; IIR: %lu line status, "
           "%lu available, %lu time-out, %lu empty, %lu modem, %lu none\n",
           seen.sent, seen.received, seen.overruns, seen.refused, seen.interrupts[6],
           seen.interrupts[4], seen.interrupts[12], seen.interrupts[2], seen.interrupts[0],
           seen.interrupts[1]);
    for (unsigned iir = 0; iir <= 12 && ops >= OPS; iir++)
        assert_true((seen.interrupts[iir] > 100) ==
                    (iir < 8 ? iir % 2 == 0 || iir == 1 : iir == 12));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_do_what_the_model_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
