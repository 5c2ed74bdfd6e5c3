/*{ "DESCRIPTION": "Conway's life.", "ISFVSN": "2", "INPUTS": [ { "NAME": "restart", "TYPE": "event" } ],
    "PASSES": [ { "TARGET": "cells", "PERSISTENT": true, "WIDTH": "$WIDTH / 4", "HEIGHT": "$HEIGHT / 4" }, { } ] }*/
int alive(vec2 by) { return IMG_PIXEL(cells, mod(gl_FragCoord.xy + by, RENDERSIZE)).r > 0.5 ? 1 : 0; }
float random(vec2 p) { return fract(sin(dot(p + TIME, vec2(12.9898, 78.233))) * 43758.5453); }
void main() {
    if (PASSINDEX == 1) { gl_FragColor = IMG_THIS_NORM_PIXEL(cells); return; }
    if (restart || FRAMEINDEX < 1) { gl_FragColor = vec4(vec3(step(0.6, random(gl_FragCoord.xy))), 1.0); return; }
    int sum = 0;
    for (int y = -1; y <= 1; y++) for (int x = -1; x <= 1; x++) if (x != 0 || y != 0) sum += alive(vec2(x, y));
    bool lives = sum == 3 || (sum == 2 && alive(vec2(0)) == 1);
    gl_FragColor = vec4(vec3(lives), 1.0);
}
