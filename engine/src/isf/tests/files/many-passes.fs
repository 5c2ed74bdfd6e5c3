/*{ "ISFVSN": "2", "INPUTS": [ { "NAME": "inputImage", "TYPE": "image" } ], "PASSES": [
    { "TARGET": "a", "WIDTH": "$WIDTH/2.0", "HEIGHT": "$HEIGHT/2.0" }, { "TARGET": "b", "WIDTH": "$WIDTH/4.0", "HEIGHT": "$HEIGHT/4.0" },
    { "TARGET": "c", "WIDTH": "$WIDTH/8.0", "HEIGHT": "$HEIGHT/8.0" }, { "TARGET": "b", "WIDTH": "$WIDTH/4.0", "HEIGHT": "$HEIGHT/4.0" },
    { "TARGET": "a", "WIDTH": "$WIDTH/2.0", "HEIGHT": "$HEIGHT/2.0" }, { "TARGET": "result" } ] }*/
void main() {
    vec4 sum = vec4(0);
    if (PASSINDEX == 0) sum = IMG_THIS_NORM_PIXEL(inputImage);
    if (PASSINDEX == 1) sum = IMG_THIS_NORM_PIXEL(a);
    if (PASSINDEX == 2) sum = IMG_THIS_NORM_PIXEL(b);
    if (PASSINDEX == 3) sum = IMG_THIS_NORM_PIXEL(c);
    if (PASSINDEX == 4) sum = IMG_THIS_NORM_PIXEL(b);
    if (PASSINDEX == 5) sum = IMG_THIS_NORM_PIXEL(a);
    gl_FragColor = sum;
}
