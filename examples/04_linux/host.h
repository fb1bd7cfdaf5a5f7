/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The hypervisor: what its files share. Three kinds of thing: a cpu is a hart
 * of the machine, a vm a virtual machine, and a guest one of its vHarts. A cpu
 * takes a guest from the queue, runs it for a slice, and gives it back.
 */
#ifndef EXAMPLES_LINUX_HOST_H
#define EXAMPLES_LINUX_HOST_H

#include <hvrv/hvrv.h>

#include "lock.h"
#include "pool.h"

#define CPUS_MAX     8
#define VMS_MAX      2
#define GUESTS_MAX   8    /* of a VM */
#define PLIC_SOURCES 32   /* number 0 is none */
#define PLIC_UART    10   /* the serial port's number */
#define VECTOR_MAX   8192 /* bytes of the vector registers, for VLEN up to 2048 */
#define TICKS_US     10
#define UART_SIZE    0x100

/* Where things are in a guest, as on QEMU's virt machine. */
#define GPA_PLIC    0x0c000000
#define PLIC_SIZE   0x00600000
#define PLIC_CLAIMS 0x00200000 /* where its thresholds and claims begin */
#define GPA_UART    0x10000000
#define GPA_RAM     0x80000000
#define GPA_ENTRY   0x80200000 /* the image, a flat file */
#define GPA_DTB     0x87e00000

/* Where things are in the machine, above the hypervisor's image. */
#define HPA_TABLES 0x83000000
#define HPA_CONFIG 0x84000000
#define HPA_RAM    0xc0000000 /* of VM 0 */
#define RAM_STRIDE 0x20000000

/* What the user wants, in words of 8 bytes at HPA_CONFIG; 0 is the default. */
struct config {
    uint64_t vms;      /* 1 */
    uint64_t vharts;   /* of each VM: 1 */
    uint64_t slice_us; /* 10000 */
    uint64_t flags;    /* none */
    uint64_t ram;      /* bytes of each VM: 256 MiB, a power of two */
};

#define CONFIG_MOVE    1 /* a vHart goes to another hart at every slice */
#define CONFIG_PAGES   2 /* RAM is mapped by pages of 4 KiB */
#define CONFIG_NO_SSTC 4 /* guests set their timer by SBI */
#define CONFIG_QUIET   8 /* not a word of the hypervisor's own */

/* A hart of the machine. */
struct cpu {
    uint64_t stack; /* its end; start.S reads it, so it stays first */
    struct hvrv_hart hart;
    struct hvrv_probe probe;
    struct hvrv_bind bind;
    uint64_t id;        /* the firmware's number */
    uint32_t index;     /* our own: the slot in every VM */
    uint32_t is_idle;   /* waits for a guest to run; other cpus look */
    uint64_t slice_end; /* when the guest's turn is over */
    uint64_t timer;     /* what the timer is set to */
    bool sstc;          /* it is set without the firmware */
    bool gives_sstc;    /* guests have timers of their own */
};

/* A vHart, and what the hypervisor keeps beside it. */
struct guest {
    struct hvrv_vhart vhart; /* first, so that a guest is found by its vHart */
    struct vm *vm;
    uint32_t index;      /* among its VM's, and the number that the VM knows it by */
    struct guest *next;  /* in the queue */
    bool is_interrupted; /* the PLIC's line to it */
    uint64_t deadline;   /* while it is parked: when its timer fires, in host time */
    _Alignas(16) uint8_t vector[VECTOR_MAX];
};

struct vm {
    struct lock lock;    /* of the devices */
    struct hvrv_sbi sbi; /* its firmware */
    struct hvrv_sbi_hart sbi_harts[GUESTS_MAX];

    struct hvrv_vm vm;
    struct hvrv_vm_slot slots[CPUS_MAX];
    uint32_t number;
    uint32_t is_off;   /* it powered off: its guests stop when they see it */
    uint64_t reason;   /* of that */
    uint64_t hpa, ram; /* its memory, and how much */

    struct hvrv_gstage gstage;
    struct hvrv_fence_domain domain;
    struct hvrv_phys phys; /* its memory as it sees it: addresses are GPAs */
    struct hvrv_walk walk; /* through that */

    struct hvrv_plic plic;
    struct hvrv_plic_source plic_sources[PLIC_SOURCES];
    struct hvrv_plic_context plic_contexts[GUESTS_MAX];
    struct hvrv_uart uart;
    char line[80]; /* what it prints, until the line is full */
    uint32_t column;

    struct guest guests[GUESTS_MAX];
};

struct machine {
    struct config config;
    struct hvrv_phys phys;
    struct pool pool;
    struct lock pool_lock;
    struct hvrv_pages pages; /* of the pool, under its lock */
    uint32_t cpu_count;
    struct cpu cpus[CPUS_MAX];
    struct vm vms[VMS_MAX];
};

extern struct machine machine;

/* What a guest's turn comes to. */
enum turn {
    TURN_GO_ON, /* enter it again */
    TURN_OVER,  /* the slice is over and others wait */
    TURN_PARK,  /* it waits for an interrupt */
    TURN_STOP,  /* it stopped itself, or its VM is off */
};

/* main.c */
int main(uint64_t hart);
void start_other(void);                   /* start.S */
extern struct cpu *cpu_of_hart[CPUS_MAX]; /* start.S: by the firmware's number */
static inline bool is_flag(uint64_t flag)
{
    return (machine.config.flags & flag) != 0;
}

/* cpu.c: a hart's life. */
bool cpu_init(struct cpu *cpu, uint64_t id, uint32_t index);
_Noreturn void cpu_main(struct cpu *cpu);
void cpu_set_timer(struct cpu *cpu, uint64_t time);
void cpu_take_ipi(struct cpu *cpu);
enum turn cpu_tick(struct cpu *cpu, struct guest *guest);

/* queue.c: guests that want to run, and guests that wait. */
void queue_put(struct guest *guest);
struct guest *queue_take(struct cpu *cpu);
bool queue_is_empty(void);
void wake(struct guest *guest);
void wake_due(uint64_t now);
uint64_t next_deadline(void);

/* vm.c */
bool vm_make(struct vm *vm, uint32_t number, const struct cpu *cpu);
void vm_power_off(struct vm *vm, uint64_t reason);
void vm_print(struct vm *vm, uint8_t byte);
bool vm_all_off(void);
_Noreturn void vm_end(struct cpu *cpu);

/* memory.c: the guest's RAM, mapped when it is touched. */
bool memory_make(struct vm *vm);
static inline bool memory_is_ram(const struct vm *vm, hvrv_gpa gpa)
{
    return gpa.v - GPA_RAM < vm->ram;
}

enum hvrv_status memory_map(struct vm *vm, struct cpu *cpu, hvrv_gpa gpa);
enum hvrv_status memory_find_gpa(struct vm *vm, struct cpu *cpu, struct hvrv_exit *exit);

/* devices.c: the PLIC and the serial port. */
bool devices_make(struct vm *vm, uint32_t guests);
bool devices_load_slowly(struct vm *vm, const struct hvrv_mmio *mmio, uint64_t *value);

/* Reading a PLIC changes nothing but for a claim, whose registers come last. */
static inline bool devices_load(struct vm *vm, const struct hvrv_mmio *mmio, uint64_t *value)
{
    uint64_t offset = mmio->gpa.v - GPA_PLIC;
    bool is_done;
    lock(&vm->lock);
    if (offset < PLIC_CLAIMS)
        is_done = hvrv_plic_read(&vm->plic, offset, mmio->size, value) == HVRV_OK;
    else
        is_done = devices_load_slowly(vm, mmio, value);
    unlock(&vm->lock);
    return is_done;
}

bool devices_store(struct vm *vm, const struct hvrv_mmio *mmio);
void devices_receive(struct vm *vm, uint8_t byte);
bool devices_has_room(struct vm *vm);

/* calls.c: what the guest's firmware does. */
bool calls_make(struct vm *vm, uint32_t guests);

/* serve.c: runs a guest and answers its exits, until its turn is over. */
enum turn serve(struct cpu *cpu, struct guest *guest);

/* console.c: the machine's serial port. */
void console_put(char c);
void console_put_line(unsigned vm, const char *line, uint32_t length);
void console_poll(void);
_Noreturn void power_off(int status);

#endif
