/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The registers are those of National's PC16550D data sheet, by their offsets:
 * 0 RBR, THR, DLL; 1 IER, DLM; 2 IIR, FCR; 3 LCR; 4 MCR; 5 LSR; 6 MSR; 7 SCR.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <hvrv/dev/uart.h>

static struct hvrv_uart uart;

static struct {
    uint8_t bytes[64];
    unsigned count;
} sent;

static void transmit(void *context, uint8_t byte)
{
    assert_ptr_equal(context, &sent);
    assert_true(sent.count < sizeof sent.bytes);
    sent.bytes[sent.count++] = byte;
}

static int fresh(void **state)
{
    (void)state;
    memset(&uart, 0xa5, sizeof uart);
    memset(&sent, 0, sizeof sent);
    return hvrv_uart_init(&uart, transmit, &sent) == HVRV_OK ? 0 : -1;
}

static uint8_t in(unsigned offset)
{
    uint64_t value = UINT64_MAX;

    assert_int_equal(hvrv_uart_read(&uart, offset, 1, &value), HVRV_OK);
    assert_true(value <= UINT8_MAX);
    return (uint8_t)value;
}

static void out(unsigned offset, uint64_t value)
{
    assert_int_equal(hvrv_uart_write(&uart, offset, 1, value), HVRV_OK);
}

static void receive(uint8_t byte)
{
    assert_int_equal(hvrv_uart_receive(&uart, byte), HVRV_OK);
}

static bool line(void)
{
    return hvrv_uart_is_pending(&uart);
}

static void a_fresh_port_is_quiet_and_ready_to_send(void **state)
{
    (void)state;
    assert_false(line());
    assert_int_equal(in(1), 0);
    assert_int_equal(in(2), 0x01);
    assert_int_equal(in(3), 0);
    assert_int_equal(in(4), 0);
    assert_int_equal(in(5), 0x60);
    assert_int_equal(in(6), 0xb0);
    assert_int_equal(in(7), 0);
    assert_int_equal(in(0), 0);
    out(3, 0x80);
    assert_true(in(0) != 0 || in(1) != 0);
    assert_int_equal(sent.count, 0);
}

static void what_is_sent_goes_out_at_once(void **state)
{
    (void)state;
    for (const char *c = "hello"; *c; c++) {
        assert_int_equal(in(5), 0x60);
        out(0, (uint8_t)*c);
    }
    out(0, UINT64_C(0xffffff00) | '!'); /* bits 7:0 count */
    assert_int_equal(sent.count, 6);
    assert_memory_equal(sent.bytes, "hello!", 6);
    assert_int_equal(in(5), 0x60);
}

static void with_dlab_the_first_two_registers_are_the_divisor(void **state)
{
    (void)state;
    out(1, 0x0f);
    out(3, 0x83);
    out(0, 0x34);
    out(1, 0x12);
    assert_int_equal(in(0), 0x34);
    assert_int_equal(in(1), 0x12);
    out(3, 0x03);
    assert_int_equal(sent.count, 0);
    assert_int_equal(in(1), 0x0f);
    assert_int_equal(in(0), 0);
    out(3, 0x80);
    assert_int_equal(in(0), 0x34);
    assert_int_equal(in(1), 0x12);
}

static void registers_keep_the_bits_that_they_have(void **state)
{
    (void)state;
    for (unsigned value = 0; value <= 0xff; value++) {
        out(7, value);
        assert_int_equal(in(7), value);
        out(3, value);
        assert_int_equal(in(3), value);
        out(3, 0);
        out(1, value);
        assert_int_equal(in(1), value & 0x0f);
        out(4, value);
        assert_int_equal(in(4), value & 0x1f);
    }
}

static void status_registers_cannot_be_written(void **state)
{
    (void)state;
    out(5, 0x1f);
    out(6, 0xff);
    assert_int_equal(in(5), 0x60);
    assert_int_equal(in(6), 0xb0);
}

static void a_received_byte_interrupts_until_it_is_read(void **state)
{
    (void)state;
    receive('x');
    assert_false(line());
    assert_int_equal(in(2), 0x01);
    out(1, 0x01);
    assert_true(line());
    assert_int_equal(in(2), 0x04);
    assert_true(line());
    assert_int_equal(in(5), 0x61);
    assert_int_equal(in(0), 'x');
    assert_int_equal(in(5), 0x60);
    assert_false(line());
    assert_int_equal(in(2), 0x01);
    assert_int_equal(in(0), 0);
}

static void sixteen_bytes_wait_in_order(void **state)
{
    (void)state;
    out(2, 0x01);
    for (unsigned round = 0; round < 3; round++) {
        for (uint8_t i = 0; i < 16; i++) {
            assert_true(hvrv_uart_has_room(&uart));
            receive((uint8_t)(0x40 + i));
        }
        assert_false(hvrv_uart_has_room(&uart));
        for (uint8_t i = 0; i < 16; i++) {
            assert_int_equal(in(5), 0x61);
            assert_int_equal(in(0), 0x40 + i);
            assert_true(hvrv_uart_has_room(&uart));
        }
        assert_int_equal(in(5), 0x60);
        receive('.'); /* so that the next round begins elsewhere in the ring */
        assert_int_equal(in(0), '.');
    }
}

static void from_the_trigger_level_on_iir_says_available_below_it_time_out(void **state)
{
    static const struct {
        uint8_t fcr, level;
    } rows[] = {{0x01, 1}, {0x41, 4}, {0x81, 8}, {0xc1, 14}};

    (void)state;
    out(1, 0x01);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        out(2, 0);
        out(2, rows[i].fcr);
        assert_int_equal(in(2), 0xc1);
        for (unsigned count = 1; count <= 16; count++) {
            receive('a');
            assert_true(line());
            assert_int_equal(in(2), count >= rows[i].level ? 0xc4 : 0xcc);
        }
    }
}

static void with_fifos_the_seventeenth_byte_is_lost(void **state)
{
    (void)state;
    out(2, 0x01);
    for (uint8_t i = 0; i < 16; i++)
        receive(i);
    receive(99);
    assert_int_equal(in(5), 0x63);
    assert_int_equal(in(5), 0x61);
    for (uint8_t i = 0; i < 16; i++)
        assert_int_equal(in(0), i);
    assert_int_equal(in(5), 0x60);
}

static void without_fifos_the_second_byte_destroys_the_first(void **state)
{
    (void)state;
    receive('a');
    assert_false(hvrv_uart_has_room(&uart));
    receive('b');
    assert_int_equal(in(5), 0x63);
    assert_int_equal(in(0), 'b');
    assert_int_equal(in(5), 0x60);
    assert_int_equal(in(0), 0);
}

static void an_overrun_interrupts_until_lsr_is_read(void **state)
{
    (void)state;
    out(1, 0x04);
    receive('a');
    assert_false(line());
    receive('b');
    assert_true(line());
    assert_int_equal(in(2), 0x06);
    assert_true(line());
    assert_int_equal(in(5), 0x63);
    assert_false(line());
    assert_int_equal(in(2), 0x01);
}

static void fcr_bit_0_empties_the_receiver_when_it_changes(void **state)
{
    (void)state;
    receive('a');
    out(2, 0x01);
    assert_int_equal(in(5), 0x60);
    receive('b');
    out(2, 0x01);
    assert_int_equal(in(5), 0x61);
    out(2, 0x00);
    assert_int_equal(in(5), 0x60);
    receive('c');
    out(2, 0x00);
    assert_int_equal(in(5), 0x61);
    assert_int_equal(in(0), 'c');
}

static void fcr_bit_1_empties_the_receiver_if_fifos_are_on(void **state)
{
    (void)state;
    out(2, 0x01);
    receive('a');
    receive('b');
    out(2, 0x05); /* bit 2 is the transmitter's, which is empty anyway */
    assert_int_equal(in(5), 0x61);
    out(2, 0x03);
    assert_int_equal(in(5), 0x60);
    assert_int_equal(in(2), 0xc1);
    receive('c');
    assert_int_equal(in(0), 'c');
    out(2, 0x00);
    receive('d');
    out(2, 0xc6);
    assert_int_equal(in(5), 0x61);
    assert_int_equal(in(2), 0x01);
}

static void enabling_the_transmitters_interrupt_raises_it(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_false(line());
        out(1, 0x02);
        assert_true(line());
        assert_int_equal(in(2), 0x02);
        assert_false(line());
        assert_int_equal(in(2), 0x01);
        out(1, 0x02); /* was enabled before */
        assert_false(line());
        out(1, 0x00);
    }
}

static void disabling_the_transmitters_interrupt_lowers_it(void **state)
{
    (void)state;
    out(1, 0x02);
    out(1, 0x00);
    assert_false(line());
    assert_int_equal(in(2), 0x01);
}

static void each_byte_sent_raises_the_transmitters_interrupt_again(void **state)
{
    (void)state;
    out(1, 0x02);
    assert_int_equal(in(2), 0x02);
    for (int i = 0; i < 3; i++) {
        out(0, 'a');
        assert_true(line());
        assert_int_equal(in(2), 0x02);
        assert_false(line());
    }
    assert_int_equal(sent.count, 3);
}

static void iir_takes_back_only_what_it_says(void **state)
{
    (void)state;
    out(1, 0x03);
    receive('a');
    assert_int_equal(in(2), 0x04);
    assert_int_equal(in(2), 0x04);
    assert_int_equal(in(0), 'a');
    assert_true(line());
    assert_int_equal(in(2), 0x02);
    assert_false(line());
}

static void interrupts_come_by_priority(void **state)
{
    (void)state;
    out(4, 0x10); /* loopback without lines: CTS, DSR and DCD fell */
    out(4, 0x00);
    receive('a');
    receive('b');
    out(1, 0x0f);
    assert_int_equal(in(2), 0x06);
    assert_int_equal(in(5), 0x63);
    assert_int_equal(in(2), 0x04);
    assert_int_equal(in(0), 'b');
    assert_int_equal(in(2), 0x02);
    assert_int_equal(in(2), 0x00);
    assert_true(line());
    assert_int_equal(in(6), 0xbb);
    assert_int_equal(in(2), 0x01);
    assert_false(line());
}

static void in_loopback_bytes_come_back_and_nothing_else_does(void **state)
{
    (void)state;
    out(2, 0x01);
    out(4, 0x10);
    assert_false(hvrv_uart_has_room(&uart));
    receive('x');
    assert_int_equal(in(5), 0x60);
    for (uint8_t i = 0; i < 16; i++)
        out(0, 0x60U + i);
    assert_int_equal(sent.count, 0);
    assert_int_equal(in(5), 0x61);
    out(0, 0);
    assert_int_equal(in(5), 0x63);
    for (uint8_t i = 0; i < 16; i++)
        assert_int_equal(in(0), 0x60 + i);
    out(4, 0x00);
    assert_true(hvrv_uart_has_room(&uart));
    out(0, 'y');
    assert_int_equal(sent.count, 1);
}

/* RTS is CTS, DTR is DSR, OUT1 is RI, OUT2 is DCD. */
static void in_loopback_msr_shows_mcr(void **state)
{
    static const struct {
        uint8_t mcr, lines;
    } rows[] = {{0x10, 0x00}, {0x11, 0x20}, {0x12, 0x10}, {0x14, 0x40},
                {0x18, 0x80}, {0x1f, 0xf0}, {0x1a, 0x90}, {0x0f, 0xb0}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        out(4, rows[i].mcr);
        assert_int_equal(in(6) & 0xf0, rows[i].lines);
        assert_int_equal(in(6), rows[i].lines);
    }
}

static void msr_tells_what_changed_until_it_is_read(void **state)
{
    static const struct {
        uint8_t mcr, msr;
    } rows[] = {
        {0x1b, 0xb0}, /* the lines as outside: nothing changed */
        {0x1a, 0x92}, /* DSR fell */
        {0x18, 0x81}, /* CTS fell */
        {0x1c, 0xc0}, /* RI came: that is nothing */
        {0x18, 0x84}, /* and went */
        {0x10, 0x08}, /* DCD fell */
        {0x00, 0xbb}, /* all came back */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        out(4, rows[i].mcr);
        assert_int_equal(in(6), rows[i].msr);
        assert_int_equal(in(6), rows[i].msr & 0xf0);
    }
    out(4, 0x1a);
    out(4, 0x1b); /* fell and came: it changed all the same */
    assert_int_equal(in(6), 0xb2);
}

static void modem_lines_interrupt_until_msr_is_read(void **state)
{
    (void)state;
    out(1, 0x08);
    assert_false(line());
    out(4, 0x10);
    assert_true(line());
    assert_int_equal(in(2), 0x00);
    assert_true(line());
    (void)in(6);
    assert_false(line());
    assert_int_equal(in(2), 0x01);
}

/*
 * What a driver of the 8250 family asks to tell its kinds apart: which bits of
 * IER are there, whether the lines loop back, what IIR says after FCR's bit 0,
 * whether a later chip's registers hide behind LCR, and 64-byte FIFOs.
 */
static void a_driver_that_probes_finds_a_16550A(void **state)
{
    (void)state;
    out(1, 0);
    assert_int_equal(in(1) & 0x0f, 0);
    out(1, 0x0f);
    assert_int_equal(in(1), 0x0f);
    out(1, 0);

    out(4, 0x1a);
    assert_int_equal(in(6) & 0xf0, 0x90);
    out(4, 0);

    out(3, 0xbf);
    out(2, 0);
    out(3, 0);
    out(2, 0x01);
    assert_int_equal(in(2) >> 6, 3);
    out(3, 0x80);
    assert_int_equal(in(2), 0xc1); /* an EFR would read 0 */
    out(3, 0xbf);
    assert_int_equal(in(2), 0xc1);

    out(3, 0xe0);
    assert_int_equal(in(2) & 0x10, 0); /* no second function of offset 2 that follows MCR */
    out(3, 0);
    out(4, 0x10);
    out(3, 0xe0);
    assert_int_equal(in(2) & 0x10, 0);
    out(3, 0);
    out(4, 0);

    out(2, 0x01);
    assert_int_equal(in(2) >> 5, 6);
    out(3, 0x80);
    out(2, 0x21);
    assert_int_equal(in(2) >> 5, 6); /* 7 would be a 16750 */
    out(2, 0x01);
    out(3, 0);

    out(1, 0x40);
    assert_int_equal(in(1), 0); /* no unit-enable bit either */
    for (unsigned value = 0; value < 256; value += 85) {
        out(7, value);
        assert_int_equal(in(7), value);
    }
}

/* When its port is opened: is the transmitter's interrupt raised each time it is enabled? */
static void a_driver_that_opens_the_port_trusts_its_interrupts(void **state)
{
    (void)state;
    out(2, 0x01);
    out(2, 0x07);
    out(2, 0x00);
    (void)in(5), (void)in(0), (void)in(2), (void)in(6);
    assert_int_equal(in(5), 0x60);
    out(3, 0x03);
    out(4, 0x08);
    for (int i = 0; i < 2; i++) {
        out(1, 0x02);
        assert_int_equal(in(5) & 0x40, 0x40);
        assert_int_equal(in(2) & 0x01, 0);
        out(1, 0x00);
        assert_int_equal(in(2) & 0x01, 1);
    }
    out(2, 0x81);
    out(1, 0x05);
    assert_false(line());
    assert_int_equal(in(2), 0xc1);
    receive('l');
    assert_int_equal(in(2) & 0x3f, 0x0c);
    assert_int_equal(in(5), 0x61);
    assert_int_equal(in(0), 'l');
    assert_false(line());
}

/* A boot loader: divisor, 8 bits, FIFOs emptied, then it asks LSR before each byte. */
static void a_loader_that_polls_sends_and_receives(void **state)
{
    (void)state;
    assert_int_equal(in(5) & 0x40, 0x40);
    out(1, 0x00);
    out(4, 0x03);
    out(2, 0x07);
    out(3, 0x83);
    out(0, 2);
    out(1, 0);
    out(3, 0x03);
    for (const char *c = "=> "; *c; c++) {
        assert_int_equal(in(5) & 0x20, 0x20);
        out(0, (uint8_t)*c);
    }
    assert_memory_equal(sent.bytes, "=> ", 3);
    assert_int_equal(in(5) & 0x01, 0);
    receive('\r');
    assert_int_equal(in(5) & 0x01, 1);
    assert_int_equal(in(0), '\r');
    assert_false(line());
}

static void only_bytes_are_taken(void **state)
{
    static const struct {
        uint64_t offset;
        unsigned size;
        enum hvrv_status status;
    } rows[] = {
        {0, 0, HVRV_ERR_ARGUMENT},        {0, 2, HVRV_ERR_ARGUMENT},
        {0, 4, HVRV_ERR_ARGUMENT},        {0, 8, HVRV_ERR_ARGUMENT},
        {8, 8, HVRV_ERR_ARGUMENT},        {8, 1, HVRV_ERR_RANGE},
        {0x100000000, 1, HVRV_ERR_RANGE}, {UINT64_MAX, 1, HVRV_ERR_RANGE},
    };

    (void)state;
    receive('a');
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t value = 77;

        assert_int_equal(hvrv_uart_read(&uart, rows[i].offset, rows[i].size, &value),
                         rows[i].status);
        assert_int_equal(value, 0);
        assert_int_equal(hvrv_uart_write(&uart, rows[i].offset, rows[i].size, 'b'), rows[i].status);
    }
    assert_int_equal(sent.count, 0);
    assert_int_equal(in(0), 'a');
}

static void what_is_null_is_refused(void **state)
{
    static const struct hvrv_uart zero;
    uint64_t value = 77;

    (void)state;
    assert_int_equal(hvrv_uart_init(NULL, transmit, &sent), HVRV_ERR_NULL);
    assert_int_equal(hvrv_uart_read(&uart, 0, 1, NULL), HVRV_ERR_NULL);
    assert_int_equal(hvrv_uart_read(NULL, 0, 1, &value), HVRV_ERR_NULL);
    assert_int_equal(value, 0);
    assert_int_equal(hvrv_uart_write(NULL, 0, 1, 0), HVRV_ERR_NULL);
    assert_int_equal(hvrv_uart_receive(NULL, 'a'), HVRV_ERR_NULL);
    assert_false(hvrv_uart_has_room(NULL));
    assert_false(hvrv_uart_is_pending(NULL));
    assert_int_equal(hvrv_uart_init(&uart, NULL, &sent), HVRV_ERR_NULL);
    assert_memory_equal(&uart, &zero, sizeof zero);
    out(0, 'a');
    assert_int_equal(sent.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_fresh_port_is_quiet_and_ready_to_send, fresh),
        cmocka_unit_test_setup(what_is_sent_goes_out_at_once, fresh),
        cmocka_unit_test_setup(with_dlab_the_first_two_registers_are_the_divisor, fresh),
        cmocka_unit_test_setup(registers_keep_the_bits_that_they_have, fresh),
        cmocka_unit_test_setup(status_registers_cannot_be_written, fresh),
        cmocka_unit_test_setup(a_received_byte_interrupts_until_it_is_read, fresh),
        cmocka_unit_test_setup(sixteen_bytes_wait_in_order, fresh),
        cmocka_unit_test_setup(from_the_trigger_level_on_iir_says_available_below_it_time_out,
                               fresh),
        cmocka_unit_test_setup(with_fifos_the_seventeenth_byte_is_lost, fresh),
        cmocka_unit_test_setup(without_fifos_the_second_byte_destroys_the_first, fresh),
        cmocka_unit_test_setup(an_overrun_interrupts_until_lsr_is_read, fresh),
        cmocka_unit_test_setup(fcr_bit_0_empties_the_receiver_when_it_changes, fresh),
        cmocka_unit_test_setup(fcr_bit_1_empties_the_receiver_if_fifos_are_on, fresh),
        cmocka_unit_test_setup(enabling_the_transmitters_interrupt_raises_it, fresh),
        cmocka_unit_test_setup(disabling_the_transmitters_interrupt_lowers_it, fresh),
        cmocka_unit_test_setup(each_byte_sent_raises_the_transmitters_interrupt_again, fresh),
        cmocka_unit_test_setup(iir_takes_back_only_what_it_says, fresh),
        cmocka_unit_test_setup(interrupts_come_by_priority, fresh),
        cmocka_unit_test_setup(in_loopback_bytes_come_back_and_nothing_else_does, fresh),
        cmocka_unit_test_setup(in_loopback_msr_shows_mcr, fresh),
        cmocka_unit_test_setup(msr_tells_what_changed_until_it_is_read, fresh),
        cmocka_unit_test_setup(modem_lines_interrupt_until_msr_is_read, fresh),
        cmocka_unit_test_setup(a_driver_that_probes_finds_a_16550A, fresh),
        cmocka_unit_test_setup(a_driver_that_opens_the_port_trusts_its_interrupts, fresh),
        cmocka_unit_test_setup(a_loader_that_polls_sends_and_receives, fresh),
        cmocka_unit_test_setup(only_bytes_are_taken, fresh),
        cmocka_unit_test_setup(what_is_null_is_refused, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
