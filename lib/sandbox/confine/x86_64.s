# confine STEPS PROGRAM [ARGUMENTS...]: the first and the last thing before a program of a sandbox.
#
# STEPS is a digit, the sum of: 1, standard input from the sandbox's own /dev/null; 2, Landlock
# (landlock(7)): only what is beneath the sandbox's own / can be opened, and only processes of the
# sandbox be reached by signals and abstract sockets; 4, with it, the terminal that is open already.
# Or it is 8: a session of its own (setsid(2)), the end with DISCO's (prctl(2)), and then it waits for a
# byte on standard input, until which it is limited by DISCO; without that byte DISCO has ended.
# Where a step fails nothing is run: a line on standard error, and exit code 125.
#
# Assemble:  as -o o x86_64.s; ld -Ttext=0x400000 -o e o; objcopy -O binary -j .text e confine
# No section headers, no relocations: the file is the image, with its ELF header in it.
        .text
        .globl  _start
elf:    .byte   0x7f, 'E', 'L', 'F', 2, 1, 1, 0
        .quad   0
        .short  2, 62                   # ET_EXEC, EM_X86_64
        .long   1
        .quad   _start, load - elf, 0
        .long   0
        .short  64, 56, 1, 0, 0, 0
load:   .long   1, 5                    # PT_LOAD, read and execute
        .quad   0, elf, elf, end - elf, end - elf, 0x10000

_start: cmpq    $3, (%rsp)
        jl      failed
        mov     16(%rsp), %rax
        movzbl  (%rax), %ebx            # the steps

        test    $8, %bl
        jz      0f
        mov     $112, %eax              # setsid(), which fails for who leads a group already
        syscall
        mov     $157, %eax              # prctl(PR_SET_PDEATHSIG, SIGKILL): bwrap does so later only
        mov     $1, %edi
        mov     $9, %esi
        syscall
        xor     %eax, %eax              # read(0, below the stack, 1)
        xor     %edi, %edi
        lea     -16(%rsp), %rsi
        mov     $1, %edx
        syscall
        cmp     $1, %eax
        jne     failed

0:      test    $1, %bl
        jz      1f
        mov     $3, %eax                # close(0)
        xor     %edi, %edi
        syscall
        mov     $257, %eax              # openat(AT_FDCWD, "/dev/null", O_RDONLY)
        mov     $-100, %edi
        lea     null(%rip), %rsi
        xor     %edx, %edx
        syscall
        test    %eax, %eax              # the lowest number that is free
        jnz     failed

1:      test    $2, %bl
        jz      run
        mov     $444, %eax              # landlock_create_ruleset(&ruleset, size, 0)
        lea     ruleset(%rip), %rdi
        mov     size(%rip), %rsi
        xor     %edx, %edx
        syscall
        test    %eax, %eax
        js      failed
        mov     %eax, %r12d
        mov     $257, %eax              # openat(AT_FDCWD, "/", O_PATH | O_CLOEXEC)
        mov     $-100, %edi
        lea     root(%rip), %rsi
        mov     $0x280000, %edx
        syscall
        test    %eax, %eax
        js      failed
        sub     $16, %rsp               # struct landlock_path_beneath_attr
        mov     %eax, 8(%rsp)
        mov     ruleset(%rip), %rax
        mov     %rax, (%rsp)
        call    add
        test    %eax, %eax
        jnz     failed
        mov     $257, %eax              # openat(AT_FDCWD, "/dev/mqueue", O_PATH | O_CLOEXEC)
        mov     $-100, %edi
        lea     queues(%rip), %rsi
        mov     $0x280000, %edx
        syscall
        mov     %eax, 8(%rsp)
        call    add                     # if it is there: mq_open(3) goes by another mount of it
        test    $4, %bl
        jz      3f
        mov     file(%rip), %rax
        mov     %rax, (%rsp)
        mov     $2, %r13d
2:      mov     %r13d, 8(%rsp)          # a pipe needs no rule, and can have none
        call    add
        dec     %r13d
        jns     2b
3:      add     $16, %rsp
        mov     $446, %eax              # landlock_restrict_self(ruleset, 0)
        mov     %r12d, %edi
        xor     %esi, %esi
        syscall
        test    %eax, %eax
        jnz     failed

run:    mov     (%rsp), %rax
        lea     16(%rsp,%rax,8), %rdx
        mov     24(%rsp), %rdi
        lea     24(%rsp), %rsi
        mov     $59, %eax               # execve
        syscall
        lea     absent(%rip), %rsi
        mov     $absent_end - absent, %edx
        jmp     say
failed: lea     refused(%rip), %rsi
        mov     $refused_end - refused, %edx
say:    mov     $1, %eax                # write(2, message)
        mov     $2, %edi
        syscall
        mov     $231, %eax              # exit_group(125)
        mov     $125, %edi
        syscall

add:    mov     $445, %eax              # landlock_add_rule(ruleset, PATH_BENEATH, &rule, 0)
        mov     %r12d, %edi
        mov     $1, %esi
        lea     8(%rsp), %rdx
        xor     %r10d, %r10d
        syscall
        ret

null:   .asciz  "/dev/null"
root:   .asciz  "/"
queues: .asciz  "/dev/mqueue"
refused:.ascii  "disco: cannot close the sandbox around the program, which is not run\n"
refused_end:
absent: .ascii  "disco: cannot run the first program of the sandbox: is its file still there?\n"
absent_end:
        .balign 8
# Filled in by DISCO: struct landlock_ruleset_attr (files, network, scopes), its size, and the rights
# to one file.
ruleset:.quad   0, 0, 0
size:   .quad   0
file:   .quad   0
end:
