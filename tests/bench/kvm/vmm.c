/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmm IMAGE PLAN: runs exits_guest.c's image in a VM of Linux KVM, as little as that
 * takes: one vCPU, memory that is all there in pages of 4 KiB, so that a fault costs
 * only what the G-stage does, a device whose registers read 0, and a console.
 */
#include <fcntl.h>
#include <linux/kvm.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define RAM_BASE        0x80000000UL
#define RAM_SIZE        (256UL << 20)
#define ENTRY           0x80200000UL
#define PLAN            0x87e00000UL
#define DBCN            0x4442434e /* SBI's debug console */
#define DBCN_WRITE_BYTE 2

/* KVM leaves this extension off until it is asked for; older headers have no name for it. */
#define REG_DBCN (KVM_REG_RISCV | KVM_REG_SIZE_U64 | 0x08UL << KVM_REG_RISCV_TYPE_SHIFT | 9)
#define REG_CORE(name) \
    (KVM_REG_RISCV | KVM_REG_SIZE_U64 | KVM_REG_RISCV_CORE | KVM_REG_RISCV_CORE_REG(name))

/* The result of a call that must not fail. */
static int must(int result, const char *what)
{
    if (result < 0) {
        perror(what);
        exit(1);
    }
    return result;
}

static uint8_t *make_memory(int vm)
{
    uint8_t *ram = mmap(NULL, RAM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct kvm_userspace_memory_region region = {
        .guest_phys_addr = RAM_BASE, .memory_size = RAM_SIZE, .userspace_addr = (uintptr_t)ram};
    must(ram == MAP_FAILED ? -1 : 0, "mmap");
    must(madvise(ram, RAM_SIZE, MADV_NOHUGEPAGE), "madvise");
    memset(ram, 1, RAM_SIZE);
    must(ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region), "KVM_SET_USER_MEMORY_REGION");
    return ram;
}

static void load(uint8_t *ram, const char *image, uint64_t plan)
{
    int file = must(open(image, O_RDONLY), image);
    memset(ram + ENTRY - RAM_BASE, 0, 1 << 20);
    must(read(file, ram + ENTRY - RAM_BASE, 1 << 20) > 0 ? 0 : -1, image);
    memcpy(ram + PLAN - RAM_BASE, &plan, sizeof plan);
    close(file);
}

static void set_register(int vcpu, uint64_t id, uint64_t value)
{
    struct kvm_one_reg reg = {.id = id, .addr = (uintptr_t)&value};
    must(ioctl(vcpu, KVM_SET_ONE_REG, &reg), "KVM_SET_ONE_REG");
}

/* Whether the guest goes on. */
static int serve(struct kvm_run *run)
{
    switch (run->exit_reason) {
    case KVM_EXIT_MMIO:
        memset(run->mmio.data, 0, sizeof run->mmio.data);
        return 1;
    case KVM_EXIT_RISCV_SBI:
        if (run->riscv_sbi.extension_id == DBCN && run->riscv_sbi.function_id == DBCN_WRITE_BYTE)
            putchar((int)run->riscv_sbi.args[0]);
        run->riscv_sbi.ret[0] = 0;
        run->riscv_sbi.ret[1] = 0;
        return 1;
    case KVM_EXIT_SYSTEM_EVENT:
        return 0;
    default:
        printf("vmm: exit %u\n", run->exit_reason);
        exit(1);
    }
}

int main(int count, char **arguments)
{
    int kvm = must(open("/dev/kvm", O_RDWR), "/dev/kvm");
    int vm = must(ioctl(kvm, KVM_CREATE_VM, 0), "KVM_CREATE_VM");
    uint8_t *ram = make_memory(vm);
    int vcpu = must(ioctl(vm, KVM_CREATE_VCPU, 0), "KVM_CREATE_VCPU");
    int size = must(ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0), "KVM_GET_VCPU_MMAP_SIZE");
    struct kvm_run *run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);

    must(run == MAP_FAILED || count != 3 ? -1 : 0, "vmm IMAGE PLAN");
    load(ram, arguments[1], strtoul(arguments[2], NULL, 10));
    set_register(vcpu, REG_DBCN, 1);
    set_register(vcpu, REG_CORE(regs.pc), ENTRY);
    do
        must(ioctl(vcpu, KVM_RUN, 0), "KVM_RUN");
    while (serve(run));
    return 0;
}
