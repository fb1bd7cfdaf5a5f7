/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a guest finds on its bus: a PLIC, and a serial port on the PLIC's line
 * 10. The models are the library's; here they are wired to each other, to the
 * vHarts and to the console.
 */
#include "host.h"

/* The vHart's external interrupt follows the PLIC's context of its number. */
static void update_guest(struct vm *vm, uint32_t index)
{
    struct guest *guest = &vm->guests[index];
    bool is_pending = hvrv_plic_is_pending(&vm->plic, index);
    if (guest->is_interrupted == is_pending)
        return;
    guest->is_interrupted = is_pending;
    if (!is_pending)
        (void)!hvrv_irq_lower(&guest->vhart, HVRV_HVIP_VSEIP);
    else if (hvrv_irq_raise(&guest->vhart, HVRV_HVIP_VSEIP) == HVRV_OK)
        wake(guest);
}

static void update(struct vm *vm)
{
    enum hvrv_plic_level level = hvrv_uart_is_pending(&vm->uart) ? HVRV_PLIC_HIGH : HVRV_PLIC_LOW;
    hvrv_plic_set_level(&vm->plic, PLIC_UART, level);
    for (uint32_t i = 0; i < machine.config.vharts; i++)
        update_guest(vm, i);
}

static void transmit(void *context, uint8_t byte)
{
    vm_print(context, byte);
}

bool devices_make(struct vm *vm, uint32_t guests)
{
    struct hvrv_plic_config plic = {.sources = vm->plic_sources,
                                    .source_count = PLIC_SOURCES,
                                    .contexts = vm->plic_contexts,
                                    .context_count = guests};
    return hvrv_plic_init(&vm->plic, &plic) == HVRV_OK &&
           hvrv_uart_init(&vm->uart, transmit, vm) == HVRV_OK;
}

bool devices_load_slowly(struct vm *vm, const struct hvrv_mmio *mmio, uint64_t *value)
{
    uint64_t gpa = mmio->gpa.v;
    enum hvrv_status status = HVRV_ERR_MISSING;
    if (gpa - GPA_PLIC < PLIC_SIZE)
        status = hvrv_plic_read(&vm->plic, gpa - GPA_PLIC, mmio->size, value);
    else if (gpa - GPA_UART < UART_SIZE)
        status = hvrv_uart_read(&vm->uart, gpa - GPA_UART, mmio->size, value);
    update(vm);
    return status == HVRV_OK;
}

bool devices_store(struct vm *vm, const struct hvrv_mmio *mmio)
{
    uint64_t gpa = mmio->gpa.v;
    enum hvrv_status status = HVRV_ERR_MISSING;
    lock(&vm->lock);
    if (gpa - GPA_PLIC < PLIC_SIZE)
        status = hvrv_plic_write(&vm->plic, gpa - GPA_PLIC, mmio->size, mmio->value);
    else if (gpa - GPA_UART < UART_SIZE)
        status = hvrv_uart_write(&vm->uart, gpa - GPA_UART, mmio->size, mmio->value);
    update(vm);
    unlock(&vm->lock);
    return status == HVRV_OK;
}

bool devices_has_room(struct vm *vm)
{
    lock(&vm->lock);
    bool has_room = hvrv_uart_has_room(&vm->uart);
    unlock(&vm->lock);
    return has_room;
}

void devices_receive(struct vm *vm, uint8_t byte)
{
    lock(&vm->lock);
    hvrv_uart_receive(&vm->uart, byte);
    update(vm);
    unlock(&vm->lock);
}
