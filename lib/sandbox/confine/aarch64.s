// confine STEPS PROGRAM [ARGUMENTS...]: as x86_64.s, step by step.
//
// Assemble:  as -o o aarch64.s; ld -Ttext=0x400000 -o e o; objcopy -O binary -j .text e confine
        .text
        .globl  _start
elf:    .byte   0x7f, 'E', 'L', 'F', 2, 1, 1, 0
        .quad   0
        .short  2, 183                  // ET_EXEC, EM_AARCH64
        .long   1
        .quad   _start, load - elf, 0
        .long   0
        .short  64, 56, 1, 0, 0, 0
load:   .long   1, 5                    // PT_LOAD, read and execute
        .quad   0, elf, elf, end - elf, end - elf, 0x10000

_start: ldr     x19, [sp]
        cmp     x19, #3
        b.lt    failed
        ldr     x0, [sp, #16]
        ldrb    w20, [x0]               // the steps

        tbz     w20, #3, 0f
        mov     x8, #157                // setsid(), which fails for who leads a group already
        svc     #0
        mov     x0, #1
        mov     x1, #9
        mov     x8, #167                // prctl(PR_SET_PDEATHSIG, SIGKILL): bwrap does so later only
        svc     #0
        mov     x0, #0
        sub     x1, sp, #16
        mov     x2, #1
        mov     x8, #63                 // read(0, below the stack, 1)
        svc     #0
        cmp     x0, #1
        b.ne    failed

0:      tbz     w20, #0, 1f
        mov     x0, #0
        mov     x8, #57                 // close(0)
        svc     #0
        mov     x0, #-100
        adr     x1, null
        mov     x2, #0
        mov     x8, #56                 // openat(AT_FDCWD, "/dev/null", O_RDONLY)
        svc     #0
        cbnz    x0, failed              // the lowest number that is free

1:      tbz     w20, #1, run
        adr     x0, ruleset
        adr     x1, size
        ldr     x1, [x1]
        mov     x2, #0
        mov     x8, #444                // landlock_create_ruleset(&ruleset, size, 0)
        svc     #0
        tbnz    x0, #63, failed
        mov     x21, x0
        mov     x0, #-100
        adr     x1, root
        mov     x2, #0x280000
        mov     x8, #56                 // openat(AT_FDCWD, "/", O_PATH | O_CLOEXEC)
        svc     #0
        tbnz    x0, #63, failed
        sub     sp, sp, #16             // struct landlock_path_beneath_attr
        str     w0, [sp, #8]
        adr     x0, ruleset
        ldr     x0, [x0]
        str     x0, [sp]
        bl      add
        cbnz    x0, failed
        mov     x0, #-100
        adr     x1, queues
        mov     x2, #0x280000
        mov     x8, #56                 // openat(AT_FDCWD, "/dev/mqueue", O_PATH | O_CLOEXEC)
        svc     #0
        str     w0, [sp, #8]
        bl      add                     // if it is there: mq_open(3) goes by another mount of it
        tbz     w20, #2, 3f
        adr     x0, file
        ldr     x0, [x0]
        str     x0, [sp]
        mov     x22, #2
2:      str     w22, [sp, #8]           // a pipe needs no rule, and can have none
        bl      add
        subs    x22, x22, #1
        b.pl    2b
3:      add     sp, sp, #16
        mov     x0, x21
        mov     x1, #0
        mov     x8, #446                // landlock_restrict_self(ruleset, 0)
        svc     #0
        cbnz    x0, failed

run:    add     x2, sp, #16
        add     x2, x2, x19, lsl #3
        ldr     x0, [sp, #24]
        add     x1, sp, #24
        mov     x8, #221                // execve
        svc     #0
        adr     x1, absent
        mov     x2, #(absent_end - absent)
        b       say
failed: adr     x1, refused
        mov     x2, #(refused_end - refused)
say:    mov     x0, #2
        mov     x8, #64                 // write(2, message)
        svc     #0
        mov     x0, #125
        mov     x8, #94                 // exit_group(125)
        svc     #0

add:    mov     x0, x21
        mov     x1, #1
        mov     x2, sp
        mov     x3, #0
        mov     x8, #445                // landlock_add_rule(ruleset, PATH_BENEATH, &rule, 0)
        svc     #0
        ret

null:   .asciz  "/dev/null"
root:   .asciz  "/"
queues: .asciz  "/dev/mqueue"
refused:.ascii  "disco: cannot close the sandbox around the program, which is not run\n"
refused_end:
absent: .ascii  "disco: cannot run the first program of the sandbox: is its file still there?\n"
absent_end:
        .balign 8
// Filled in by DISCO: struct landlock_ruleset_attr (files, network, scopes), its size, and the rights
// to one file.
ruleset:.quad   0, 0, 0
size:   .quad   0
file:   .quad   0
end:
