/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU's virt machine under SBI firmware, as far as a hypervisor of the examples needs it. */
#ifndef EXAMPLES_COMMON_MACHINE_H
#define EXAMPLES_COMMON_MACHINE_H

/* RAM from here on is free: OpenSBI and the hypervisor's image (host.ld) lie below. */
#define HPA_IMAGE_END 0x83000000

/* The test finisher. */
#define HPA_FINISHER 0x100000

/* The serial port, which the firmware's console uses too. */
#define HPA_UART 0x10000000

/* The clock: ticks of the time CSR in a millisecond. */
#define TICKS_MS 10000

/* console.c: printf goes to the firmware's console. This ends the machine. */
_Noreturn void power_off(int status);

#endif
